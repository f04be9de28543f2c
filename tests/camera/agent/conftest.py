"""A camera program in this process, and a hub that is a few lists."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tenacity.wait import wait_fixed
from waiting import until

from sightline.camera.agent.agent import Agent
from sightline.camera.agent.identity import Identity
from sightline.camera.agent.journal import Journal
from sightline.camera.agent.outside import HeaderOf, Outside
from sightline.camera.agent.state import StateFolder
from sightline.camera.links.base import Heard, LinkLost, Said
from sightline.wire.control import Command, Desired, Health, Reported, Result
from sightline.wire.formats.packed import unpack
from sightline.wire.messages import Event
from sightline.wire.parcel import Parcel, encode_parcel

KEY = ec.generate_private_key(ec.SECP256R1())


class FakeHub:
    """Takes everything at once; can be cut, and says what it is told to say."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.cut = asyncio.Event()
        self.away = False
        self.links: list[FakeLink] = []
        self.desired: Desired | None = None

    def tell(self, heard: Heard) -> None:
        if isinstance(heard, Desired):
            self.desired = heard
        for link in self.links:
            link.inbox.put_nowait(heard)

    def of(self, kind: type[Any]) -> list[Any]:
        return [item for item in self.said if isinstance(item, kind)]

    @property
    def reported(self) -> Reported | None:
        found = self.of(Reported)
        return found[-1] if found else None

    @property
    def health(self) -> Health | None:
        found = self.of(Health)
        return found[-1] if found else None

    def events(self, kind: str = "") -> list[Event]:
        parcels: dict[tuple[str, int], Parcel] = {}
        for parcel in self.of(Parcel):
            parcels[parcel.boot, parcel.sequence] = parcel
        return [
            item
            for parcel in parcels.values()
            if parcel.kind == "events"
            for item in unpack(parcel.body)
            if isinstance(item, Event) and item.kind.startswith(kind)
        ]

    async def result(self, command: Command) -> Result:
        await until(lambda: self.links)
        self.tell(command)
        found: Result = await until(
            lambda: next((r for r in self.of(Result) if r.id == command.id), None)
        )
        return found


class FakeLink:
    def __init__(self, hub: FakeHub) -> None:
        self.hub = hub
        self.inbox: asyncio.Queue[Heard] = asyncio.Queue()

    async def __aenter__(self) -> "FakeLink":
        if self.hub.away:
            raise LinkLost("the hub is away")
        self.hub.links = [self]
        if self.hub.desired:
            self.inbox.put_nowait(self.hub.desired)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.hub.links = []

    def send(self, said: Said) -> "asyncio.Future[int]":
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.hub.said.append(said)
        if self.hub.away:
            future.set_exception(LinkLost("cut"))
        else:
            size = len(encode_parcel(said)) if isinstance(said, Parcel) else 100
            asyncio.get_running_loop().call_soon(lambda: future.done() or future.set_result(size))
        return future

    async def heard(self) -> AsyncIterator[Heard]:
        while True:
            yield await self.inbox.get()


class Site:
    """Starts cameras in one folder."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.hub: FakeHub

    @asynccontextmanager
    async def camera(self, source: str, model: str, **keys: Any) -> AsyncIterator[Agent]:
        self.hub = getattr(self, "hub", None) or FakeHub()
        hub = self.hub

        class Here(Outside):
            def link(self, header: HeaderOf) -> Any:
                return FakeLink(hub)

        agent = {"flush_s": 0.05, "health_s": 1, "at_end": "loop"} | keys.pop("agent", {})
        base = {"name": "door", "source": source, "model": model, "agent": agent, **keys}
        identity = Identity("door", self.url, "mqtt://127.0.0.1:1", KEY, "", "")
        from sightline.twin.agent import LinkConfig

        outside = Here("door", LinkConfig(), KEY, identity, None, None, wait_fixed(0.05))
        with StateFolder(self.folder / "state") as state:
            journal = Journal()
            logging.getLogger("sightline").addHandler(journal)
            logging.getLogger("sightline").setLevel(logging.INFO)
            made = Agent(state, base, outside, journal, probation_s=0.5)
            task = asyncio.create_task(made.run())
            try:
                yield made
                made.stop()
                await asyncio.wait_for(task, 30)
            finally:
                task.cancel()
                logging.getLogger("sightline").removeHandler(journal)


class Shelf(ThreadingHTTPServer):
    """Gives out `files`, in parts where asked, and takes `uploads`."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.uploads: dict[str, bytes] = {}
        self.asked: list[tuple[str, str, str]] = []
        self.breaks_after = 0
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Shelf

    def do_GET(self) -> None:
        bearer = self.headers.get("Authorization", "")
        ranges = self.headers.get("Range", "")
        self.server.asked.append((self.path, bearer, ranges))
        data = self.server.files.get(self.path)
        if data is None:
            self.send_error(404)
            return
        begin = int(ranges.removeprefix("bytes=").rstrip("-")) if ranges else 0
        self.send_response(206 if ranges else 200)
        self.send_header("Content-Length", str(len(data) - begin))
        if ranges:
            self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        part = data[begin:]
        if self.server.breaks_after and len(part) > self.server.breaks_after:
            part = part[: self.server.breaks_after]
        self.wfile.write(part)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.uploads[self.path] = self.rfile.read(length)
        self.server.asked.append((self.path, self.headers.get("Authorization", ""), ""))
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def site(tmp_path: Path, shelf: Shelf) -> Site:
    return Site(tmp_path, shelf.url)


@pytest.fixture
def wait() -> Callable[..., Any]:
    return until
