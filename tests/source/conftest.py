"""Small videos, made when first asked for."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.picture import Frame
from sightline.source import SourceConfig, open_source
from sightline.wire.messages import Event

Painter = Callable[[int], NDArray[np.uint8]]
Clip = Callable[..., Path]


def walker(width: int = 160, height: int = 120) -> Painter:
    """A bright block that walks over a painted floor, a fixed distance each picture."""
    floor = np.random.default_rng(3).integers(40, 160, (6, 8, 3), dtype=np.uint8)
    background = np.asarray(cv2.resize(floor, (width, height)), np.uint8)

    def paint(number: int) -> NDArray[np.uint8]:
        image = background.copy()
        x = number * 4 % (width - 24)
        image[height // 3 : height // 3 * 2, x : x + 24] = 240
        return image

    return paint


def write_clip(
    path: Path,
    paint: Painter,
    count: int,
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    fps: int = 25,
    stamps: list[int] | None = None,
    gop: int = 12,
    options: dict[str, str] | None = None,
    muxer: dict[str, str] | None = None,
) -> Path:
    """Encode `count` pictures; `stamps` are their times in milliseconds, if not even."""
    height, width = paint(0).shape[:2]
    with av.open(str(path), "w", options=muxer or {}) as container:
        settings = {"g": str(gop), "preset": "ultrafast"} if codec == "libx264" else {}
        stream: Any = container.add_stream(codec, rate=fps, options=settings | (options or {}))
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        if stamps:
            stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
        for number in range(count):
            frame = av.VideoFrame.from_ndarray(paint(number), format="rgb24")
            if stamps:
                frame.pts, frame.time_base = stamps[number], stream.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """`clip("a.mp4", 50)`: a video of a walking block; further keys as `write_clip` has them."""
    folder = tmp_path_factory.mktemp("clips")
    made: dict[str, Path] = {}

    def make(name: str, count: int = 25, paint: Painter | None = None, **keys: Any) -> Path:
        key = f"{name}{count}{sorted(keys.items())}"
        if key not in made or paint:
            inside = folder / str(len(made))
            inside.mkdir(exist_ok=True)
            made[key] = write_clip(inside / name, paint or walker(), count, **keys)
        return made[key]

    return make


@pytest.fixture(scope="session")
def read() -> Callable[..., tuple[list[Frame], list[Event]]]:
    """`read(uri, fps=5)`: all pictures and all events of a source that comes to an end."""

    def all_of(uri: object, **keys: Any) -> tuple[list[Frame], list[Event]]:
        frames: list[Frame] = []
        events: list[Event] = []
        with open_source(SourceConfig(uri=str(uri), **keys)) as source:
            for item in source.frames():
                if isinstance(item, Frame):
                    frames.append(item)
                else:
                    events.append(item)
        return frames, events

    return all_of


@pytest.fixture
def quiet_threads() -> Iterator[None]:
    """Fails a test that leaves a grabber running long after it closed its source."""
    import threading
    import time

    yield
    deadline = time.monotonic() + 8
    while any(thread.name.startswith("grab ") for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "a grabber thread outlived its source"
        time.sleep(0.05)
