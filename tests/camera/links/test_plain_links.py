"""Standard output and webhooks: JSON for everybody."""

import asyncio
import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from sightline.camera.links.base import LinkLost
from sightline.camera.links.stdout import StdoutLink
from sightline.camera.links.webhook import WebhookLink
from sightline.errors import ConfigError
from sightline.twin.agent import LinkConfig
from sightline.wire.control import Health, Reported
from sightline.wire.formats.packed import pack
from sightline.wire.messages import Event, Measure
from sightline.wire.parcel import Parcel

BODY = pack(Event("line.crossed", 7, "door")) + pack(Measure("line.count", "door", 0, 9, 2.0))
PARCEL = Parcel("door", "b1", 4, "events", 5, BODY)
LOST = Parcel("door", "b1", 5, "lost", 6, b'{"frames": 3, "first": 5, "last": 5}')


async def no_header(digest: str) -> bytes | None:
    return None


def test_standard_output_gets_a_line_a_message(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    async def run() -> None:
        async with StdoutLink(LinkConfig(kind="stdout"), "door", no_header) as link:
            for said in (
                PARCEL,
                LOST,
                Health("door", "b1", 1, "running"),
                Reported(0, "applied", {}),
            ):
                await link.send(said)

    asyncio.run(run())
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [item["type"] for item in lines[0]["items"]] == ["event", "measure"]
    assert (lines[0]["boot"], lines[0]["sequence"], lines[0]["part"]) == ("b1", 4, 0)
    assert lines[1]["items"][0]["frames"] == 3
    assert lines[2]["state"] == "running"


class Hook(ThreadingHTTPServer):
    def __init__(self) -> None:
        self.bodies: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


def test_a_webhook_is_signed_and_asked_again(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    hook = Hook()
    url = f"http://127.0.0.1:{hook.server_port}/in"
    config = LinkConfig(kind="webhook", url=url, secret=str(tmp_path / "secret"))

    async def run() -> None:
        async with WebhookLink(config, "door", no_header) as link:
            assert await link.send(PARCEL) == len(hook.bodies[0][1])
        for status in (500, 302, 404):
            hook.status = status
            async with WebhookLink(config, "door", no_header) as link:
                first, second = link.send(PARCEL), link.send(LOST)
                with pytest.raises(LinkLost, match=str(status)):
                    await first
                with pytest.raises(LinkLost):
                    await second
                with pytest.raises(LinkLost):
                    async for _ in link.heard():
                        pass

    asyncio.run(run())
    headers, body = hook.bodies[0]
    moment, _, digest = headers["X-Sightline-Signature"].partition(",v1=")
    signed = moment.removeprefix("t=").encode() + b"." + body
    assert digest == hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()
    assert (headers["X-Sightline-Kind"], headers["X-Sightline-Camera"]) == ("events", "door")
    assert len(hook.bodies) == 4  # nothing was sent behind what failed, and no redirect followed
    hook.shutdown()
    hook.server_close()


@pytest.mark.parametrize("url", [None, "http://example.com/", "file:///etc/passwd", "ftp://x/"])
def test_a_webhook_goes_to_https_or_to_this_machine(url: str | None) -> None:
    with pytest.raises(ConfigError, match=r"link\.url"):
        WebhookLink(LinkConfig(kind="webhook", url=url), "door", no_header)
