"""A real RTSP server that is stalled, cut, brought back changed, and garbled on the way."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, TypeVar

import pytest
from resident import resident_mb

from sightline.errors import SourceError
from sightline.picture import Frame
from sightline.source import Source, SourceConfig, open_source
from sightline.wire.messages import Event

pytestmark = [pytest.mark.rtsp, pytest.mark.usefixtures("quiet_threads")]
_T = TypeVar("_T")
_HERE = Path(__file__).parent
_PYTHON = "/usr/bin/python3"  # the system's own, which has the bindings to GStreamer


def beside(name: str) -> Any:
    """A module of this folder, which is no package."""
    spec = spec_from_file_location(name, _HERE / f"{name}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Server:
    """The server's process, started, frozen, thawed and killed."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[str] | None = None

    def start(self, width: int, height: int) -> None:
        command = [_PYTHON, str(_HERE / "rtsp_server.py"), str(self.port)]
        self._process = subprocess.Popen(
            [*command, str(width), str(height), "15"], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == "ready\n"

    def send(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout
            self._process.stdout.close()


@pytest.fixture(scope="module")
def _gstreamer() -> None:
    check = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst;"
    check += "Gst.init(None); assert Gst.ElementFactory.find('x264enc'), 'x264enc'"
    try:
        subprocess.run([_PYTHON, "-c", check], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("no RTSP server: install the packages in .ci/apt-packages")


@pytest.fixture
def server(_gstreamer: None) -> Iterator[Server]:
    serving = Server()
    yield serving
    serving.kill()


@pytest.fixture
def proxy(server: Server) -> Iterator[Any]:
    between = beside("proxy").Proxy(server.port)
    yield between
    between.close()


class Watcher:
    """Reads a source on a thread of its own and remembers when what came."""

    def __init__(self, source: Source) -> None:
        self.events: list[tuple[float, Event]] = []
        self.pictures: list[tuple[float, tuple[int, int]]] = []
        self._source = source
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        for item in self._source.frames():
            now = time.monotonic()
            if isinstance(item, Frame):
                self.pictures.append((now, (item.picture.width, item.picture.height)))
            else:
                self.events.append((now, item))

    def close(self) -> None:
        self._source.close()
        self._thread.join()

    def event(self, kind: str, since: float, within: float) -> Event:
        """The first event of `kind` after `since`; fails where none comes in time."""
        return self._await(
            lambda: next((e for at, e in self.events if at >= since and e.kind == kind), None),
            since + within,
            kind,
        )

    def picture(self, since: float, within: float) -> tuple[int, int]:
        """The size of the first picture after `since`; fails where none comes in time."""
        return self._await(
            lambda: next((size for at, size in self.pictures if at >= since), None),
            since + within,
            "picture",
        )

    def _await(self, find: Callable[[], _T | None], deadline: float, what: str) -> _T:
        while (found := find()) is None:
            assert time.monotonic() < deadline, f"no {what} in time; {self.events}"
            time.sleep(0.02)
        return found


def test_all_that_can_happen_to_a_camera_in_a_day(server: Server, proxy: Any) -> None:
    server.start(640, 480)
    uri = f"rtsp://admin:secret@127.0.0.1:{proxy.port}/camera"
    with open_source(SourceConfig(uri=uri)) as source:
        assert (source.info.width, source.info.height) == (640, 480)
        watcher = Watcher(source)
        try:
            _garbled(watcher, source, proxy)
            before = resident_mb()
            _frozen(watcher, server)
            _cut(watcher, proxy)
            _killed_and_changed(watcher, server)
            assert resident_mb() - before < 30
        finally:
            watcher.close()
    assert source.counters.stalls >= 1
    assert source.counters.reconnects == 3
    assert {event.name for _, event in watcher.events} == {f"rtsp://127.0.0.1:{proxy.port}/camera"}


def _garbled(watcher: Watcher, source: Source, proxy: Any) -> None:
    begun = time.monotonic()
    proxy.corrupt = 4
    watcher.event("source.corrupt", begun, within=8)
    time.sleep(1)
    proxy.corrupt = 0
    assert source.counters.corrupt > 0
    watcher.picture(time.monotonic(), within=3)


def _frozen(watcher: Watcher, server: Server) -> None:
    stopped = time.monotonic()
    server.send(signal.SIGSTOP)
    watcher.event("source.stalled", stopped, within=3)
    lost = watcher.event("source.lost", stopped, within=7)
    assert lost.data["reason"] == "no data for 5 s"
    thawed = time.monotonic()
    server.send(signal.SIGCONT)
    watcher.picture(thawed, within=5)
    watcher.event("source.connected", thawed, within=5)


def _cut(watcher: Watcher, proxy: Any) -> None:
    cut = time.monotonic()
    proxy.reset()
    assert watcher.event("source.lost", cut, within=1).data["reason"]
    watcher.event("source.connected", cut, within=5)
    watcher.picture(time.monotonic(), within=1)


def _killed_and_changed(watcher: Watcher, server: Server) -> None:
    killed = time.monotonic()
    server.kill()
    watcher.event("source.lost", killed, within=1)
    time.sleep(2)
    server.start(320, 240)
    back = time.monotonic()
    assert watcher.picture(back, within=5) == (320, 240)
    resized = watcher.event("source.resized", back, within=5)
    assert resized.data == {"width": 320, "height": 240}


def test_a_short_freeze_is_survived_on_the_same_connection(server: Server) -> None:
    server.start(320, 240)
    with open_source(SourceConfig(uri=f"rtsp://127.0.0.1:{server.port}/camera")) as source:
        watcher = Watcher(source)
        try:
            stopped = time.monotonic()
            server.send(signal.SIGSTOP)
            watcher.event("source.stalled", stopped, within=3)
            thawed = time.monotonic()
            server.send(signal.SIGCONT)
            watcher.event("source.resumed", thawed, within=2)
            watcher.picture(thawed, within=2)
        finally:
            watcher.close()
    assert source.counters.reconnects == 0


def test_a_path_that_the_server_does_not_know(server: Server) -> None:
    server.start(320, 240)
    begun = time.monotonic()
    with (
        pytest.raises(SourceError, match="knows no such stream"),
        open_source(SourceConfig(uri=f"rtsp://u:secret@127.0.0.1:{server.port}/absent")),
    ):
        pass
    assert time.monotonic() - begun < 3
