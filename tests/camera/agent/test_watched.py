"""While somebody looks on, pictures are told as they are seen; all else stays as it is."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.wire.control import Result, Watch
from sightline.wire.formats.block import Block
from sightline.wire.formats.packed import unpack
from sightline.wire.parcel import Parcel

MIDDLE = {"name": "middle", "points": [[0.5, 0.0], [0.5, 1.0]]}
SELDOM = {"flush_s": 60, "measures_s": 86400}
Walk = list[NDArray[np.uint8]]


@pytest.fixture
def source(pictures: Callable[..., Path], walk: Walk) -> str:
    return str(pictures(walk))


def numbers(parcels: list[Parcel]) -> list[list[int]]:
    """The numbers of the pictures in each parcel of frames."""
    return [
        [
            frame.sequence
            for block in unpack(parcel.body)
            if isinstance(block, Block)
            for frame in block.frames()
        ]
        for parcel in parcels
        if parcel.kind == "frames"
    ]


def test_a_camera_that_stores_once_a_minute_tells_at_once_who_looks_on(
    site: Any, source: str, bright_network: Path, wait: Any
) -> None:
    async def run() -> None:
        async with site.camera(source, str(bright_network), agent=SELDOM):
            hub = site.hub
            await wait(lambda: hub.health and hub.health.fps > 0)
            assert numbers(hub.of(Parcel)) == []
            hub.tell(Watch(0.02, 60.0))
            await wait(lambda: len(numbers(hub.of(Parcel))) > 8)
        told = numbers(hub.of(Parcel))
        flat = [number for parcel in told for number in parcel]
        assert flat == list(range(len(flat)))
        # Not all at once, as once a minute, but a few at a time; how few, the machine decides.
        assert sum(len(parcel) < 5 for parcel in told) > len(told) / 2
        sequences = [parcel.sequence for parcel in hub.of(Parcel)]
        assert sequences == list(range(len(sequences)))

    asyncio.run(run())


def test_nothing_is_answered_and_the_counts_are_those_that_were_told(
    site: Any, source: str, bright_network: Path, wait: Any
) -> None:
    async def run() -> None:
        async with site.camera(source, str(bright_network), lines=[MIDDLE]):
            hub = site.hub
            await wait(lambda: hub.links)
            for _ in range(20):
                hub.tell(Watch(0.02, 1.0))
                await asyncio.sleep(0.02)
            await wait(lambda: len(hub.events("line.crossed")) >= 4)
        crossed = hub.events("line.crossed")
        assert sum(hub.health.counts["lines"]["middle"].values()) == len(crossed)
        assert hub.of(Result) == []

    asyncio.run(run())
