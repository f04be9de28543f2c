"""1080p H.264 to a 416-pixel letterboxed tensor: CPU time a picture, ours beside the peers'.

    python -m benchmarks decode

Peers: PyAV to a BGR array and cv2.VideoCapture, each then scaled by cv2.resize. One codec
thread and one OpenCV thread for all. The clip is rendered: a textured floor with sensor
noise over which blocks move, encoded as a camera would send it.

Every measurement is a process of its own, as a program is that does only this: what a large
array costs depends on what else the process has allocated and freed before.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.base import Findings, compared
from benchmarks.inputs import Inputs
from sightline.picture import Frame
from sightline.source import SourceConfig, open_source

WIDTH, HEIGHT, FPS = 1920, 1080, 25
FRAMES, ROUNDS = 300, 7
SIZE, SIDE = (416, 234), 416

Image = NDArray[np.uint8]


def rendered(moving: bool = True, seed: int = 0) -> Iterator[Image]:
    """Endless pictures of a floor, with six blocks that walk over it unless it is still."""
    random = np.random.default_rng(seed)
    coarse = random.integers(30, 200, (HEIGHT // 40, WIDTH // 40, 3), dtype=np.uint8)
    floor = np.asarray(cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.int16)
    noise = [random.normal(0, 2, (HEIGHT, WIDTH, 1)).astype(np.int16) for _ in range(7)]
    number = 0
    while True:
        image = floor + noise[number % len(noise)]
        for block in range(6 * moving):
            x = (block * 400 + number * (3 + block)) % (WIDTH - 120)
            image[100 + block * 140 : 400 + block * 100, x : x + 120] = 40 + block * 30
        yield image.clip(0, 255).astype(np.uint8)
        number += 1


def scaled(video: str) -> Iterator[Image]:
    """The pictures of a file, as large as the benchmark wants them."""
    with av.open(video) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24", width=WIDTH, height=HEIGHT)


def encode(path: Path, images: Iterator[Image], count: int, gop: int = 50) -> None:
    """Write an H.264 file as a camera would send it: no B-frames, a keyframe each `gop`."""
    with av.open(str(path), "w") as container:
        options = {"preset": "veryfast", "crf": "23", "g": str(gop), "bf": "0"}
        stream: Any = container.add_stream("libx264", rate=FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for _, image in zip(range(count), images, strict=False):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())


def rows(inputs: Inputs) -> Findings:
    """Decoding and preprocessing, beside each peer's and beside decoding alone."""
    spent: dict[str, list[float]] = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        encode(path, rendered(), FRAMES)
        for _ in range(ROUNDS):
            for name, times in spent.items():
                times.append(_alone(name, path))
    mine = spent.pop("sightline")
    for (peer, theirs), target in zip(spent.items(), (0.7, None, None), strict=True):
        yield compared("decode and preprocess a 1080p picture", mine, peer, theirs, target)


def _alone(name: str, path: Path) -> float:
    command = [sys.executable, "-m", "benchmarks.decode", name, str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _measure(name: str, path: str) -> float:
    """Milliseconds of CPU a picture, once everything has been imported and used."""
    cv2.setNumThreads(1)
    tensor = np.full((SIDE, SIDE, 3), 114, np.uint8)
    with av.open(path) as container:
        next(container.decode(video=0))
    begun = process_time()
    pictures = WAYS[name](path, tensor)
    return (process_time() - begun) * 1e3 / pictures


def _ours(path: str, tensor: Image) -> int:
    count = 0
    with open_source(SourceConfig(uri=path)) as source:
        for item in source.frames():
            if isinstance(item, Frame):
                picture = item.picture
                whole = (0, 0, picture.width, picture.height)
                picture.resized(whole, SIZE, tensor[: SIZE[1]])
                count += 1
    return count


def _pyav(path: str, tensor: Image) -> int:
    count = 0
    with av.open(path) as container:
        container.streams.video[0].codec_context.thread_count = 1
        for frame in container.decode(video=0):
            bgr = frame.to_ndarray(format="bgr24")
            tensor[: SIZE[1]] = cv2.resize(bgr, SIZE, interpolation=cv2.INTER_LINEAR)
            count += 1
    return count


def _opencv(path: str, tensor: Image) -> int:
    capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    count = 0
    while True:
        more, bgr = capture.read()
        if not more:
            capture.release()
            return count
        tensor[: SIZE[1]] = cv2.resize(bgr, SIZE, interpolation=cv2.INTER_LINEAR)
        count += 1


def _decoding(path: str, tensor: Image) -> int:
    with av.open(path) as container:
        container.streams.video[0].codec_context.thread_count = 1
        return sum(1 for _ in container.decode(video=0))


WAYS: dict[str, Callable[[str, Image], int]] = {
    "sightline": _ours,
    "PyAV to BGR, cv2.resize": _pyav,
    "cv2.VideoCapture, cv2.resize": _opencv,
    "PyAV, decoding only": _decoding,
}

if __name__ == "__main__":
    print(_measure(*sys.argv[1:]))
