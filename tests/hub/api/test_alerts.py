"""Alerts from rule to mailbox: raised once, told to real servers, tried again, seen by somebody."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from sightline.hub.alerts.desk import Alerts
from sightline.hub.api.services import Services
from sightline.hub.outside import Outside
from sightline.hub.settings import Settings, SmtpSettings
from sightline.hub.store.tables.alerts import deliveries
from sightline.hub.store.tables.registry import cameras

Make = Callable[..., Awaitable[httpx.AsyncClient]]
SECRET = "a secret of sixteen and more"
S = 10**9


@dataclass
class Receiver:
    """A web server that takes webhooks, and says no for a while."""

    url: str = ""
    refuse: int = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")[1:-2]
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        status = "503 Busy" if self.refuse > 0 else "200 OK"
        self.refuse -= 1
        if status.startswith("200"):
            self.got.append((headers, body))
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield made


async def hook(client: httpx.AsyncClient, url: str, name: str = "office") -> None:
    body = {"kind": "webhook", "settings": {"url": url, "secret": SECRET}}
    answer = await client.put(f"/api/v1/channels/{name}", json=body)
    assert answer.status_code == 204, answer.text


async def rule(client: httpx.AsyncClient, condition: str, **more: Any) -> httpx.Response:
    body = {"condition": condition, "cool_down_s": 0, **more}
    return await client.put("/api/v1/rules/slow", json=body)


async def retry_now(services: Services) -> None:
    await services.database.write(lambda c: c.execute(update(deliveries).values(due_ns=0)))


async def test_from_a_number_to_a_signed_webhook(
    as_role: Make, services: Services, receiver: Receiver, front: Any
) -> None:
    admin = await as_role("admin")
    await hook(admin, receiver.url)
    assert (await rule(admin, "health.fps < 5", channels=["office"])).status_code == 200
    await front(fps=10.0)
    await services.alerts.look()
    await front(fps=2.0)
    for _ in range(3):  # looked at again and again, it is one alert
        await services.alerts.look()
    await services.alerts.tell()
    await front(fps=10.0)
    await services.alerts.look()
    await services.alerts.tell()
    told = [json.loads(body) for _, body in receiver.got]
    assert [item["what"] for item in told] == ["raised", "cleared"]
    assert told[0]["alert"]["camera"] == "front"
    headers, body = receiver.got[0]
    signed = f"{headers['x-sightline-time']}.".encode() + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["x-sightline-signature"] == expected
    [alert] = (await admin.get("/api/v1/alerts")).json()["items"]
    assert alert["cleared_ns"] > alert["raised_ns"]


async def test_a_channel_that_says_no_is_tried_again_and_every_try_is_seen(
    as_role: Make, services: Services, receiver: Receiver, front: Any
) -> None:
    admin = await as_role("admin")
    receiver.refuse = 2
    await hook(admin, receiver.url)
    await rule(admin, "health.fps < 5", channels=["office"])
    await front(fps=2.0)
    await services.alerts.look()
    for tries in (1, 2, 3):
        await services.alerts.tell()
        [one] = (await admin.get("/api/v1/alerts/1/deliveries")).json()["items"]
        assert one["tries"] == tries
        assert one["state"] == ("delivered" if tries == 3 else "pending")
        assert ("503" in one["last"]) is (tries < 3)
        await retry_now(services)
    assert len(receiver.got) == 1


async def test_alerts_survive_the_hub(
    as_role: Make, services: Services, receiver: Receiver, front: Any
) -> None:
    admin = await as_role("admin")
    await hook(admin, receiver.url)
    await rule(admin, "health.fps < 5", channels=["office"])
    await front(fps=2.0)
    await services.alerts.look()
    again = Alerts(services.database, services.settings, Outside(["loopback"]))
    await again.look()
    await again.tell()
    assert len(receiver.got) == 1
    assert len((await admin.get("/api/v1/alerts")).json()["items"]) == 1


async def test_a_camera_that_is_not_heard(as_role: Make, services: Services, front: Any) -> None:
    admin = await as_role("admin")
    await rule(admin, 'offline("front") for 1 s', level="critical")
    seen = {"connected": False, "seen_ns": time.time_ns() - 60 * S}
    await services.database.write(lambda c: c.execute(update(cameras).values(seen)))
    await services.alerts.look()
    await asyncio.sleep(1.1)
    await services.alerts.look()
    [alert] = (await admin.get("/api/v1/alerts", params={"state": "open"})).json()["items"]
    assert alert["level"] == "critical"


async def test_nobody_looks_and_somebody_else_is_told(
    as_role: Make, services: Services, receiver: Receiver, front: Any
) -> None:
    admin, operator = await as_role("admin"), await as_role("operator")
    await hook(admin, receiver.url, "boss")
    await rule(admin, "health.fps < 5", escalate_s=0.2, escalate_to=["boss"])
    await front(fps=2.0)
    await services.alerts.look()
    await asyncio.sleep(0.3)
    await services.alerts.look()
    await services.alerts.look()
    await services.alerts.tell()
    assert [json.loads(body)["what"] for _, body in receiver.got] == ["escalated"]
    seen = (await operator.post("/api/v1/alerts/1/acknowledge")).json()
    assert seen["acknowledged_by"].startswith("token")


async def test_an_acknowledged_alert_is_not_escalated(
    as_role: Make, services: Services, receiver: Receiver, front: Any
) -> None:
    admin = await as_role("admin")
    await hook(admin, receiver.url, "boss")
    await rule(admin, "health.fps < 5", escalate_s=0.2, escalate_to=["boss"])
    await front(fps=2.0)
    await services.alerts.look()
    await admin.post("/api/v1/alerts/1/acknowledge")
    await asyncio.sleep(0.3)
    await services.alerts.look()
    await services.alerts.tell()
    assert receiver.got == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x",
        "http://[::ffff:10.0.0.1]/x",
        "ftp://example.org/x",
        "file:///etc/passwd",
    ],
)
async def test_a_webhook_leads_to_no_forbidden_place(
    as_role: Make, services: Services, front: Any, url: str
) -> None:
    admin = await as_role("admin")
    await hook(admin, url)
    await rule(admin, "health.fps < 5", channels=["office"])
    await front(fps=2.0)
    await services.alerts.look()
    await services.alerts.tell()
    [one] = (await admin.get("/api/v1/alerts/1/deliveries")).json()["items"]
    assert one["state"] == "pending"
    assert one["last"]


async def test_a_mail_cannot_be_bent_by_what_a_camera_says(
    as_role: Make, services: Services, front: Any
) -> None:
    controller = pytest.importorskip("aiosmtpd.controller")
    got: list[Any] = []

    class Handler:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            got.append(envelope)
            return "250 OK"

    server = controller.Controller(Handler(), hostname="127.0.0.1", port=0)
    server.port = _free_port()
    server.start()
    try:
        smtp = SmtpSettings(host="127.0.0.1", port=server.port, sender="hub@x.org", tls="none")
        settings = Settings(data=services.settings.data, smtp=smtp)
        alerts = Alerts(services.database, settings, Outside())
        admin = await as_role("admin")
        body = {"kind": "email", "settings": {"to": ["ada@example.org"]}}
        await admin.put("/api/v1/channels/ada", json=body)
        message = "too slow\r\nBcc: eve@example.org"
        await rule(admin, "health.fps < 5", channels=["ada"], message=message)
        await front(fps=2.0)
        await alerts.look()
        await alerts.tell()
    finally:
        server.stop()
    [mail] = got
    assert mail.rcpt_tos == ["ada@example.org"]
    assert b"\nBcc:" not in mail.content.partition(b"\r\n\r\n")[0]
    assert b"Subject: [warning] front: too slow" in mail.content


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_secrets_of_channels_are_not_shown(as_role: Make) -> None:
    admin = await as_role("admin")
    await hook(admin, "https://user:hidden@example.org/path?key=hidden")
    shown = (await admin.get("/api/v1/channels")).text
    assert "hidden" not in shown
    assert SECRET not in shown
    assert "https://example.org" in shown
    assert SECRET not in (await admin.get("/api/v1/audit")).text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"condition": "health.fsp < 5"}, "health has no 'fsp'"),
        ({"condition": "health.fps <"}, "ends too early"),
        ({"condition": "health.fps < 5", "target": "site=("}, ""),
        ({"condition": "health.fps < 5", "channels": ["nobody"]}, "there is no channel"),
        ({"condition": "health.fps < 5", "level": "mild"}, ""),
    ],
)
async def test_rules_that_cannot_be_meant(
    as_role: Make, body: dict[str, Any], sentence: str
) -> None:
    answer = await (await as_role("operator")).put("/api/v1/rules/x", json=body)
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("pigeon", {}),
        ("webhook", {"url": "https://x.org"}),
        ("webhook", {"url": "https://x.org", "secret": "short"}),
        ("email", {"to": ["nobody"]}),
        ("email", {"to": ["a@b.org\r\nBcc: c@d.org"]}),
        ("mqtt", {"url": "mqtt://x", "prefix": "a/#"}),
    ],
)
async def test_channels_that_cannot_be_meant(
    as_role: Make, kind: str, settings: dict[str, Any]
) -> None:
    admin = await as_role("admin")
    body = {"kind": kind, "settings": settings}
    assert (await admin.put("/api/v1/channels/x", json=body)).status_code == 422


async def test_alerts_of_other_sites_are_not_there(
    as_role: Make, services: Services, front: Any
) -> None:
    await rule(await as_role("operator"), "health.fps < 5")
    await front(fps=2.0)
    await services.alerts.look()
    other = await as_role("operator", scope="site=bergen")
    assert (await other.get("/api/v1/alerts")).json()["items"] == []
    assert (await other.post("/api/v1/alerts/1/acknowledge")).status_code == 404
    assert (await other.get("/api/v1/alerts/1/deliveries")).status_code == 404


def test_home_assistant_finds_a_sensor() -> None:
    from sightline.hub.alerts.channels.base import Notice
    from sightline.hub.alerts.channels.mqtt import HomeAssistant, HomeAssistantSettings
    from sightline.hub.alerts.records import Alert

    given = HomeAssistantSettings(url="mqtt://broker")
    channel = HomeAssistant(given, Settings(data=Path("site")), Outside())
    alert = Alert(1, "too many/#", "front", "warning", "m", 1, 0, 0, "", 0)
    config, state, told = channel.messages(Notice(alert, "raised", 7))
    assert config["topic"] == "homeassistant/binary_sensor/sightline_front/too_many_/config"
    described = json.loads(config["payload"])
    assert described["state_topic"] == state["topic"]
    assert state["payload"] == b"ON"
    assert json.loads(told["payload"])["alert"]["rule"] == "too many/#"
    assert all("#" not in one["topic"] and "+" not in one["topic"] for one in (config, state, told))
