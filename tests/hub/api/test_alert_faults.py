"""Alerts where something is wrong: with a channel, with what a camera says, with a rule."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hubkit import Speaker
from mqttpeers import program
from ports import free_ports
from sqlalchemy import select, update

from sightline.hub.alerts.desk import Alerts
from sightline.hub.alerts.records import Alert, Delivery
from sightline.hub.alerts.rules import FleetRule
from sightline.hub.api.services import Services
from sightline.hub.auth.principal import Principal
from sightline.hub.outside import Outside
from sightline.hub.store.tables.alerts import deliveries
from sightline.hub.store.tables.registry import cameras
from sightline.wire.messages import Event

KEYBOARD = Principal("user", "keyboard", "admin")
SECRET = "a secret of sixteen and more"
SLOW = FleetRule("slow", "health.fps < 5", cool_down_s=0, channels=("office",))
S = 10**9


@asynccontextmanager
async def server(answer: Callable[[asyncio.StreamWriter], Any]) -> AsyncIterator[int]:
    """Something that listens and answers as it likes; its port."""

    serving: list[asyncio.Task[Any]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())  # type: ignore[arg-type]
        try:
            await reader.read(1)
            await answer(writer)
        finally:
            writer.transport.abort()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield running.sockets[0].getsockname()[1]
    finally:
        running.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def drip(writer: asyncio.StreamWriter) -> None:
    """A header that never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def flood(writer: asyncio.StreamWriter) -> None:
    """A body without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(bytes(1 << 16))
        await writer.drain()


async def channel(
    services: Services, url: str, kind: str = "webhook", name: str = "office"
) -> None:
    given = {"url": url, "secret": SECRET} if kind == "webhook" else {"url": url}
    await services.alerts.put_channel(name, kind, given, KEYBOARD, "")


async def told(services: Services) -> list[Delivery]:
    return await services.alerts.deliveries(1)


async def every(services: Services) -> list[Alert]:
    return await services.alerts.newest(None, "", 1 << 60, 100)


async def raised(services: Services, front: Any) -> None:
    await services.alerts.put_rule(SLOW, KEYBOARD, "")
    await front(fps=2.0)
    await services.alerts.look()


@pytest.mark.parametrize(
    ("answer", "state"), [(silent, "pending"), (drip, "pending"), (flood, "delivered")]
)
async def test_a_web_server_that_never_ends_holds_up_nobody(
    services: Services, front: Any, monkeypatch: pytest.MonkeyPatch, answer: Any, state: str
) -> None:
    monkeypatch.setattr("sightline.hub.alerts.desk._PATIENCE_S", 0.5)
    async with server(answer) as port:
        await channel(services, f"http://127.0.0.1:{port}/")
        await raised(services, front)
        async with asyncio.timeout(20):
            await services.alerts.tell()
        [one] = await told(services)
        assert (one.state, one.tries) == (state, 1)


async def test_a_broker_that_says_nothing_holds_up_nobody_and_keeps_no_thread(
    services: Services, front: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sightline.hub.alerts.channels.publishing._PATIENCE_S", 0.3)
    async with server(silent) as port:
        await channel(services, f"mqtt://127.0.0.1:{port}", "mqtt")
        await raised(services, front)
        async with asyncio.timeout(20):
            await services.alerts.tell()
        [one] = await told(services)
        assert (one.state, one.last) == ("pending", "127.0.0.1: took too long")


async def test_a_real_broker_keeps_the_alert_for_who_comes_later(
    services: Services, front: Any
) -> None:
    port = free_ports(1)
    broker = await asyncio.create_subprocess_exec(
        program("mosquitto"), "-p", str(port), stdout=-3, stderr=-3
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                break
            await asyncio.sleep(0.05)
        await channel(services, f"mqtt://127.0.0.1:{port}", "home-assistant")
        await raised(services, front)
        await services.alerts.tell()
        [one] = await told(services)
        assert one.state == "delivered", one.last
        listening = await asyncio.create_subprocess_exec(
            program("mosquitto_sub"), "-p", str(port), "-t", "#", "-C", "3", "-W", "10", "-F", "%t",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        topics = set((await listening.communicate())[0].decode().split())
        assert "sightline/alerts/front/slow" in topics
        assert "homeassistant/binary_sensor/sightline_front/slow/config" in topics
    finally:
        broker.kill()
        await broker.wait()


async def test_a_channel_that_fails_in_a_way_nobody_foresaw_fails_alone(
    services: Services, front: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    await channel(services, "http://127.0.0.1:1/")
    await raised(services, front)
    monkeypatch.setattr("sightline.hub.alerts.channels.webhook.Webhook.tell", broken)
    await services.alerts.tell()
    [one] = await told(services)
    assert (one.state, one.last) == ("pending", "failed: ZeroDivisionError")


async def test_what_was_never_tried_goes_before_what_failed_often(
    services: Services, front: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sightline.hub.alerts.desk._AT_ONCE", 1)
    await channel(services, "http://127.0.0.1:1/")
    await channel(services, "http://127.0.0.1:1/", name="other")
    await raised(services, front)
    await services.alerts.tell()
    await services.database.write(lambda c: c.execute(update(deliveries).values(due_ns=0)))
    await services.alerts.put_rule(
        FleetRule("too", "health.fps < 6", channels=("other",)), KEYBOARD, ""
    )
    await services.alerts.look()
    await services.alerts.tell()
    rows = await services.database.read(
        lambda c: c.execute(select(deliveries.c.channel, deliveries.c.tries)).all()
    )
    assert sorted(tuple(row) for row in rows) == [("office", 1), ("other", 1)]


async def say(services: Services, *events: Event) -> None:
    speaker = Speaker("front", now_ns=time.time_ns())
    from hubkit import arrival

    await services.ingest.deliver(arrival(speaker.say(*events)))


async def test_what_a_camera_raises_fits_every_store_and_comes_from_no_future(
    services: Services, front: Any
) -> None:
    await front(fps=10.0)
    ahead = time.time_ns() + 3600 * S
    data = {"level": "x" * 300, "message": "a\0b\nc" + "y" * 900}
    await say(services, Event("alert.raised", ahead, "own", data=data))
    await services.alerts.look()
    [alert] = await every(services)
    assert (alert.level, alert.message[:5]) == ("warning", "a b c")
    assert len(alert.message) <= 500
    assert alert.raised_ns < ahead


async def test_what_a_camera_raises_is_told_to_whom_a_rule_tells_of_that_camera(
    services: Services, front: Any
) -> None:
    await channel(services, "http://127.0.0.1:1/")
    await channel(services, "http://127.0.0.1:1/", name="bergen")
    for name, target in (("office", "site=oslo"), ("bergen", "site=bergen")):
        rule = FleetRule(name, "health.fps < 1", target, channels=(name,))
        await services.alerts.put_rule(rule, KEYBOARD, "")
    await front(fps=10.0)
    await say(services, Event("alert.raised", time.time_ns(), "own"))
    await services.alerts.look()
    assert [one.channel for one in await told(services)] == ["office"]


@pytest.mark.parametrize(
    "how", ["removed", "switched off", "about others", "another condition", "revoked"]
)
async def test_an_alert_that_nobody_looks_after_is_over(
    services: Services, front: Any, how: str
) -> None:
    alerts = services.alerts
    await channel(services, "http://127.0.0.1:1/")
    await raised(services, front)
    match how:
        case "removed":
            await alerts.remove_rule("slow", KEYBOARD, "")
        case "switched off":
            await alerts.put_rule(FleetRule("slow", SLOW.condition, enabled=False), KEYBOARD, "")
        case "about others":
            await alerts.put_rule(FleetRule("slow", SLOW.condition, "site=bergen"), KEYBOARD, "")
        case "another condition":
            await alerts.put_rule(FleetRule("slow", "health.fps > 50"), KEYBOARD, "")
        case "revoked":
            gone = update(cameras).values(revoked_ns=1)
            await services.database.write(lambda c: c.execute(gone))
    await alerts.look()
    [one] = await every(services)
    assert one.cleared_ns
    if how == "revoked":
        return
    await alerts.put_rule(SLOW, KEYBOARD, "")
    await alerts.look()  # and when somebody looks again, it is there again
    assert len(await every(services)) == 2


async def test_a_hub_that_was_away_does_not_call_every_camera_silent(
    services: Services, front: Any
) -> None:
    await front(fps=10.0)
    rule = FleetRule("gone", 'offline("front")')
    await services.alerts.put_rule(rule, KEYBOARD, "")
    seen = {"connected": False, "seen_ns": time.time_ns() - 3600 * S}
    await services.database.write(lambda c: c.execute(update(cameras).values(seen)))
    fresh = Alerts(services.database, services.settings, Outside())
    running = asyncio.create_task(fresh.run())
    await asyncio.sleep(0.3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await every(services) == []
    await services.alerts.look()  # one that has listened all the while knows better
    assert len(await every(services)) == 1


async def test_an_escalation_that_came_due_while_the_hub_was_away_is_told_once(
    services: Services, front: Any
) -> None:
    await channel(services, "http://127.0.0.1:1/", name="boss")
    rule = FleetRule("slow", SLOW.condition, escalate_s=0.1, escalate_to=("boss",))
    await services.alerts.put_rule(rule, KEYBOARD, "")
    await front(fps=2.0)
    await services.alerts.look()
    await asyncio.sleep(0.2)
    for _ in range(2):
        again = Alerts(services.database, services.settings, Outside())
        await again.look()
    assert [one.what for one in await told(services)] == ["escalated"]
