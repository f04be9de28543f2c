"""What goes wrong around a camera: hours without a hub, a full disk, kills, clocks."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.camera.agent.mailbox import Seen
from sightline.camera.agent.packing import Packer
from sightline.camera.outbox.draft import Draft
from sightline.camera.outbox.giving_up import Bounds
from sightline.camera.outbox.outbox import Outbox
from sightline.camera.readout import Readout
from sightline.results import Detections
from sightline.wire.control import Desired
from sightline.wire.formats.block import Block
from sightline.wire.formats.packed import unpack
from sightline.wire.messages import Event, Header
from sightline.wire.parcel import Parcel

MIDDLE = {"name": "middle", "points": [[0.5, 0.0], [0.5, 1.0]]}
HEADER = Header("door", "scene:", 64, 48, ("person",), clock="utc", boot="b1")
HOUR_S, FPS = 3600, 10
Walk = list[NDArray[np.uint8]]


def second(number: int) -> list[Seen]:
    """What a camera sees in a second: ten pictures of three people, and now and then a crossing."""
    seen = []
    for i in range(FPS):
        at = (number * FPS + i) * 10**9 // FPS
        boxes = np.full((3, 4), 0.3, np.float32)
        found = Detections(boxes, np.ones(3, np.float32), np.zeros(3, np.int32), np.arange(3))
        happened = number % 20 == 0 and i == 5
        events = (Event("line.crossed", at, "door", "door", 1),) if happened else ()
        frame = number * FPS + i
        readout = Readout("door", at, frame, (64, 48), found, ("person",), events, found)
        seen.append(Seen(readout, HEADER))
    return seen


def received(parcels: list[Parcel]) -> tuple[list[int], int]:
    """Numbers of pictures in their order, and how many events."""
    frames: list[int] = []
    events = 0
    for parcel in parcels:
        if parcel.kind in ("lost", "ledger"):
            continue
        for item in unpack(parcel.body):
            if isinstance(item, Block):
                frames += item.sequences.tolist()
            events += isinstance(item, Event)
    return frames, events


@pytest.mark.parametrize("megabytes", [256.0, 0.3])
def test_an_hour_without_a_hub(
    tmp_path: Path, megabytes: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it arrives in order; what there was no room for is counted, and is no event."""
    now = 0.0
    monkeypatch.setattr("sightline.camera.outbox.store.monotonic", lambda: now)

    async def run() -> list[Parcel]:
        nonlocal now
        bounds = Bounds(int(megabytes * 1e6), 7 * 86400)
        packer = Packer()
        async with Outbox(tmp_path / "outbox.db", "door", "b1", bounds) as outbox:
            await outbox.disconnected()
            for first in range(0, HOUR_S, 20):  # in commits of 20 s, to be quick
                drafts: list[Draft] = []
                headers: dict[str, bytes] = {}
                for number in range(first, first + 20):
                    packed = packer.pack(second(number))
                    drafts += packed.drafts
                    headers |= packed.headers
                now += 20
                await outbox.store(drafts, headers=headers)
            outbox.reconnected()
            parcels: list[Parcel] = []
            while any(held.parcels for held in (await outbox.held()).values()):
                for item in await outbox.next():
                    parcels.append(item.parcel)
                    outbox.arrived(item.id)
                await outbox.store()
            losses = outbox.losses
        frames, events = received(parcels)
        assert events == HOUR_S / 20
        assert frames == sorted(frames)
        assert len(frames) + losses.frames == HOUR_S * FPS
        assert (losses.frames == 0) == (megabytes > 1)
        assert (losses.events, losses.measures) == (0, 0)
        return parcels

    parcels = asyncio.run(run())
    assert [parcel.sequence for parcel in parcels] == list(range(len(parcels)))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB, where this may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_costs_pictures_and_no_event(small_disk: Path) -> None:
    async def run() -> None:
        packer, filler = Packer(), small_disk / "filler"
        path = small_disk / "outbox.db"
        async with Outbox(path, "door", "b1", Bounds(1 << 30, 1e9)) as outbox:
            packed = packer.pack(second(0))
            assert await outbox.store(packed.drafts, headers=packed.headers)
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(bytes(4096))
            stored = [await outbox.store(packer.pack(second(n)).drafts) for n in range(1, 500)]
            assert not all(stored)
            assert outbox.full
            filler.unlink()
            assert await outbox.store()
            assert not outbox.full
            parcels: list[Parcel] = []
            while any(held.parcels for held in (await outbox.held()).values()):
                for item in await outbox.next():
                    parcels.append(item.parcel)
                    outbox.arrived(item.id)
                await outbox.store()
            frames, events = received(parcels)
            assert events == 500 / 20
            assert len(frames) + outbox.losses.frames == 500 * FPS

    asyncio.run(run())


@pytest.mark.parametrize("stage", ["staged", "switched"])
def test_a_power_cut_in_the_middle_of_a_change(
    site: Any,
    pictures: Callable[..., Path],
    walk: Walk,
    bright_network: Path,
    wait: Any,
    stage: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The program vanishes right after a step was written down, and is started again."""
    from sightline.camera.agent.state import StateFolder

    source = str(pictures(walk))
    write = StateFolder.write_json
    cut = False

    class PowerCut(BaseException):
        pass

    def writes(state: StateFolder, name: str, value: Any) -> None:
        nonlocal cut
        write(state, name, value)
        if name == "twin.json" and value.stage == stage and not cut:
            cut = True
            raise PowerCut

    monkeypatch.setattr(StateFolder, "write_json", writes)

    async def until_the_cut() -> None:
        async with site.camera(source, str(bright_network), lines=[MIDDLE]):
            await wait(lambda: site.hub.of(Parcel))
            site.hub.tell(Desired(1, {"lines": [{**MIDDLE, "name": "new"}]}))
            await wait(lambda: cut)
            await asyncio.sleep(0.3)

    async def afterwards() -> None:
        async with site.camera(source, str(bright_network), lines=[MIDDLE]):
            hub = site.hub
            await wait(lambda: hub.reported and hub.reported.state == "applied")
            await wait(lambda: hub.reported.version == 1)
            assert hub.reported.config["lines"][0]["name"] == "new"

    with suppress(PowerCut, BaseExceptionGroup, asyncio.CancelledError):
        asyncio.run(until_the_cut())
    assert cut
    del site.hub
    asyncio.run(afterwards())
