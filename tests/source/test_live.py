"""Live sources, against connections that do what networks do."""

import threading
import time
from collections.abc import Callable, Generator

import numpy as np
import pytest

from sightline.errors import InputError, SourceError
from sightline.picture import Frame
from sightline.picture.rgb import RgbPicture
from sightline.source import SourceConfig
from sightline.source.connection import Connection, Lost, Promise
from sightline.source.live import LiveSource
from sightline.source.notice import Notice
from sightline.source.reader import Decoded
from sightline.wire.messages import Event

Script = Callable[[], Generator[Decoded | Notice | None]]
_URI = "rtsp://user:secret@camera/main"


def picture(width: int = 20) -> Decoded:
    return Decoded(RgbPicture(np.zeros((10, width, 3), np.uint8)), None, 1000)


class Scripted:
    """One connection that plays a script."""

    def __init__(self, script: Script, promise: Promise) -> None:
        self.promise = promise
        self.closed = False
        self._script = script

    def media_ns(self, pts: int | None) -> int | None:
        return pts

    def pictures(self) -> Generator[Decoded | Notice | None]:
        return self._script()

    def close(self) -> None:
        self.closed = True


class ScriptedSource(LiveSource):
    """Each attempt to connect plays the next script; a `Lost` among them is a refusal."""

    def __init__(self, *scripts: Script | Exception, promise: Promise | None = None) -> None:
        super().__init__(SourceConfig(uri=_URI, stall_s=0.3, connect_timeout_s=1.0))
        self.connections: list[Scripted] = []
        self._scripts = iter(scripts)
        self._promise = promise or Promise(25.0)

    def connect(self) -> Connection:
        script = next(self._scripts, Lost("the connection was refused"))
        if isinstance(script, Exception):
            raise script
        self.connections.append(Scripted(script, self._promise))
        return self.connections[-1]


def play(count: int, width: int = 20, pause: float = 0.01, then: Lost | None = None) -> Script:
    def script() -> Generator[Decoded | Notice | None]:
        for _ in range(count):
            time.sleep(pause)
            yield picture(width)
        raise then or Lost("the stream ended")

    return script


def until(source: LiveSource, kind: str) -> list[Frame | Event]:
    items: list[Frame | Event] = []
    for item in source.frames():
        items.append(item)
        if isinstance(item, Event) and item.kind == kind:
            break
    return items


def kinds(items: list[Frame | Event]) -> list[str]:
    return [item.kind for item in items if isinstance(item, Event)]


pytestmark = pytest.mark.usefixtures("quiet_threads")


def test_it_comes_back_and_says_so() -> None:
    with ScriptedSource(play(5), play(10, width=40)) as source:
        assert (source.info.width, source.info.height, source.info.fps) == (20, 10, 25)
        items = until(source, "source.resized")
    assert kinds(items) == [
        "source.connected",
        "source.lost",
        "source.connected",
        "source.resized",
    ]
    assert source.info.width == 40
    assert source.counters.reconnects == 1
    assert all(connection.closed for connection in source.connections)


def test_events_name_the_source_without_its_password() -> None:
    with ScriptedSource(play(5), play(5)) as source:
        items = until(source, "source.lost")
    events = [item for item in items if isinstance(item, Event)]
    assert {event.name for event in events} == {"rtsp://camera/main"}
    assert events[-1].data["reason"] == "the stream ended"
    assert abs(events[-1].time_ns - time.time_ns()) < 10e9


def test_only_the_newest_picture_is_given_and_the_rest_is_counted() -> None:
    with ScriptedSource(play(100, pause=0.002)) as source:
        items = source.frames()
        seen = []
        for item in items:
            time.sleep(0.02)
            if isinstance(item, Frame):
                seen.append(item.sequence)
            elif item.kind == "source.lost":
                break
    assert len(seen) < 40
    assert seen[-1] == 99
    assert len(seen) + source.counters.dropped == 100


def test_a_frozen_stream_is_noticed_at_once_and_so_is_its_thaw() -> None:
    def script() -> Generator[Decoded | Notice | None]:
        yield picture()
        time.sleep(1)
        yield picture()
        raise Lost("the stream ended")

    with ScriptedSource(script) as source:
        begun = time.monotonic()
        items = []
        times = {}
        for item in source.frames():
            items.append(item)
            if isinstance(item, Event):
                times[item.kind] = time.monotonic() - begun
                if item.kind == "source.resumed":
                    break
    assert kinds(items) == ["source.connected", "source.stalled", "source.resumed"]
    assert times["source.stalled"] == pytest.approx(0.3, abs=0.25)
    assert times["source.resumed"] == pytest.approx(1.0, abs=0.25)
    assert source.counters.stalls == 1


def test_pictures_left_out_are_signs_of_life() -> None:
    def script() -> Generator[Decoded | Notice | None]:
        yield picture()
        yield Notice("source.idle")
        for _ in range(40):
            time.sleep(0.03)
            yield None
        yield Notice("source.awake")
        yield picture()
        raise Lost("the stream ended")

    with ScriptedSource(script) as source:
        items = until(source, "source.lost")
    assert "source.stalled" not in kinds(items)
    assert kinds(items)[1:3] == ["source.idle", "source.awake"]
    last = [item for item in items if isinstance(item, Frame)][-1]
    assert last.sequence == 41, "a gap in the sequence for what was left out"


def test_a_runaway_stream_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sightline.source.watch._BURST_S", 0.1)
    monkeypatch.setattr("sightline.source.watch._WINDOW_S", 0.2)
    with ScriptedSource(play(1000, pause=0.001)) as source:
        items = until(source, "source.runaway")
    assert isinstance(items[-1], Event)
    assert items[-1].data["fps"] > 62
    assert source.counters.runaways == 1


def test_a_camera_that_is_off_is_tried_until_it_is_on() -> None:
    refused = Lost("the connection was refused")
    with ScriptedSource(refused, refused, play(5)) as source:
        items = until(source, "source.connected")
    assert kinds(items) == ["source.lost", "source.connected"]
    assert source.counters.reconnects == 0


def test_one_that_never_gives_a_picture_is_given_up() -> None:
    begun = time.monotonic()
    with pytest.raises(SourceError) as caught, ScriptedSource():
        pass
    assert str(caught.value) == (
        "rtsp://camera/main: gave no picture within 1 s (the connection was refused); "
        "check the address and that the camera is on"
    )
    assert time.monotonic() - begun < 4


def test_one_that_has_given_a_picture_is_never_given_up() -> None:
    with ScriptedSource(play(3)) as source:
        threading.Timer(2.5, source.close).start()
        items = list(source.frames())
    assert kinds(items) == ["source.connected", "source.lost"]


def test_a_wrong_password_is_not_tried_again() -> None:
    begun = time.monotonic()
    wrong = Lost("the user name or the password is wrong or missing", hopeless=True)
    with pytest.raises(SourceError, match="password is wrong"), ScriptedSource(wrong):
        pass
    assert time.monotonic() - begun < 1


def test_a_mistake_comes_through_as_it_is() -> None:
    with (
        pytest.raises(InputError, match="no such camera"),
        ScriptedSource(InputError("no such camera")),
    ):
        pass


def test_a_fault_of_the_reader_is_told_without_the_password() -> None:
    with (
        pytest.raises(
            SourceError, match=r"rtsp://camera/main: reading failed: bad rtsp://camera/x"
        ),
        ScriptedSource(RuntimeError("bad rtsp://user:secret@camera/x")),
    ):
        pass


def test_a_recording_gives_every_picture_in_its_own_time() -> None:
    def script() -> Generator[Decoded | Notice | None]:
        for number in range(30):
            yield Decoded(picture().picture, number * 40_000_000, 1000)

    with ScriptedSource(script, promise=Promise(25.0, recording=True, frames=30)) as source:
        assert not source.info.live
        items = []
        for item in source.frames():
            time.sleep(0.001)
            items.append(item)
    frames = [item for item in items if isinstance(item, Frame)]
    assert [frame.time_ns for frame in frames] == [number * 40_000_000 for number in range(30)]
    assert kinds(items) == ["source.connected", "source.ended"]
    assert source.counters.dropped == 0


def test_a_recording_that_breaks_off_does_not_begin_again() -> None:
    with ScriptedSource(play(5), play(5), promise=Promise(25.0, recording=True)) as source:
        items = list(source.frames())
    assert isinstance(items[-1], Event)
    assert items[-1].data == {"pictures": 5, "truncated": True}


def test_closing_ends_it_at_once_even_in_a_read_that_blocks() -> None:
    release = threading.Event()

    def script() -> Generator[Decoded | Notice | None]:
        yield picture()
        release.wait(20)
        raise Lost("no data for 20 s")

    source = ScriptedSource(script)
    with source:
        threading.Timer(0.2, source.close).start()
        begun = time.monotonic()
        list(source.frames())
    assert time.monotonic() - begun < 1.5
    release.set()
