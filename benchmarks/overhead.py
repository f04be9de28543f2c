"""All that Sightline adds to a picture, beside the network's time and beside a peer's way.

Decoding and the network (one thread) run in between as they do in use, because they leave
the caches as cold for what follows as they are then. What a way adds is its CPU time less
that of both. The peers get pictures as PyAV's BGR arrays; that conversion is part of their
way, since ours has its own. For orientation stands beside what a peer costs at the least:
its network's output read by hand-tuned code, and the conversion not counted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any

import av
import cv2
import numpy as np

from benchmarks.base import Findings, Row, Skipped, Spent, cheapest, compared
from benchmarks.decode import Image, encode, scaled
from benchmarks.inputs import HOW, Inputs
from benchmarks.peer import PeerJob
from benchmarks.rehearsal import LINE, ZONE, Rehearsal

FRAMES, ROUNDS, FPS = 100, 5, 25
CLAIM = "added besides decoding and network"
_TUNED = ", tuned, given BGR"
Way = Callable[[], dict[str, float]]


def rows(inputs: Inputs) -> Findings:
    """One person in 768x432, one in 1080p, and nine in 1080p."""
    if not inputs.network or not inputs.video:
        yield Skipped(CLAIM, f"needs YOLOX-nano and a video of people: {HOW}")
        return
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for pictures, images in (
            ("768x432", None),
            ("1080p", scaled(str(inputs.video))),
            ("1080p, a crowd", crowd(str(inputs.video))),
        ):
            video = inputs.video
            if images:
                video = folder / "large.mp4"
                encode(video, images, FRAMES)
            yield from _measured(video, inputs.network, folder, f"{CLAIM}: {pictures}")


def crowd(video: str) -> Iterator[Image]:
    """1080p pictures of the video three by three, each part at another time."""
    parts = [islice(scaled(video), number * 60, None) for number in range(9)]
    for images in zip(*parts, strict=False):
        small = [cv2.resize(image, (640, 360), interpolation=cv2.INTER_AREA) for image in images]
        yield np.vstack([np.hstack(small[row : row + 3]) for row in (0, 3, 6)])


def _measured(video: Path, network: Path, folder: Path, claim: str) -> Iterator[Row | Skipped]:
    ways: list[Way] = [partial(_ours, video, network, folder)]
    for peer, tracker in _trackers().items():
        ways.append(partial(_theirs, peer, tracker, False, video, network, folder))
        if "SORT" in peer:
            ways.append(partial(_theirs, peer + _TUNED, tracker, True, video, network, folder))
    spent = _taking_turns(ways)
    ours, of_network = spent.pop("ours"), spent.pop("network")
    yield compared(claim, ours, "YOLOX-nano, 1 thread", of_network, 0.10)
    if not spent:
        yield Skipped(f"{claim}, beside a peer's", "supervision and trackers are not installed")
        return
    usual = {name: times for name, times in spent.items() if not name.endswith(_TUNED)}
    peer = cheapest(usual)
    yield compared(claim, ours, peer, usual[peer], 0.25)
    peer = cheapest(spent)
    yield compared(claim, ours, peer, spent[peer], None)


def _taking_turns(ways: list[Way]) -> Spent:
    spent: Spent = {}
    for number in range(ROUNDS + 1):
        for way in ways:
            for name, seconds in way().items():
                times = spent.setdefault(name, [])
                if number:
                    times.append(seconds * 1e3 / FRAMES)
    return spent


def _ours(video: Path, network: Path, folder: Path) -> dict[str, float]:
    of_network, added = Rehearsal(video, network, folder / "ours.jsonl", FRAMES).work()
    return {"ours": added, "network": of_network}


def _theirs(
    name: str, tracker: Callable[[], Any], tuned: bool, video: Path, network: Path, folder: Path
) -> dict[str, float]:
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        size = stream.width, stream.height
        job = PeerJob(network, tracker(), size, LINE, ZONE, str(folder / "peer.json"), tuned)
        pictures = islice(container.decode(stream), FRAMES)
        decoding = converting = 0.0
        begun = process_time()
        with job.sink:
            for number in range(FRAMES):
                started = process_time()
                frame = next(pictures)
                decoded = process_time()
                bgr = frame.to_ndarray(format="bgr24")
                converting += process_time() - decoded
                decoding += decoded - started
                job(bgr, number)
        spent = process_time() - begun - decoding - job.network_s
    return {name: spent - converting if tuned else spent}


def _trackers() -> dict[str, Callable[[], Any]]:
    try:
        import supervision
        import trackers
    except ImportError:
        return {}
    return {
        "supervision": lambda: supervision.ByteTrack(frame_rate=FPS),
        "supervision + trackers ByteTrack": lambda: trackers.ByteTrackTracker(frame_rate=FPS),
        "supervision + trackers SORT": lambda: trackers.SORTTracker(frame_rate=FPS),
    }
