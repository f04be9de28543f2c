"""Heat maps of stored frames: people who walk known ways over a known floor."""

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hubkit import NOW, SECOND, Speaker, Store, open_store
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.analytics.floor import GroundConfig
from sightline.hub.plans.layout import Layout, Placed
from sightline.hub.plans.records import Plan
from sightline.hub.query import heat
from sightline.hub.query.floor_heat import FloorHeat, fitting_cell, floor_heat
from sightline.hub.query.heat import Asked, HeatMap, heat_map
from sightline.hub.query.heat_files import as_csv, as_npz
from sightline.hub.query.sampling import spread
from sightline.hub.query.steps import lasted_s, steps
from sightline.hub.refused import Refused
from sightline.hub.twin.twins import Author, change
from sightline.results import Detections
from sightline.wire.control import Desired
from sightline.wire.formats.block import Block, PackedFrame
from sightline.wire.formats.packed import pack, pack_frames
from sightline.wire.parcel import digest

PICTURE = ((0.05, 0.95), (0.95, 0.95), (0.7, 0.35), (0.3, 0.35))
FLOORS = {  # a room of 8 × 6: one camera looks at it from below, one from the right; one is lost
    "south": ((1.0, 5.5), (7.0, 5.5), (7.0, 0.5), (1.0, 0.5)),
    "east": ((7.5, 5.0), (7.5, 1.0), (4.2, 1.0), (4.2, 5.0)),
}
ROOM = Layout(
    size=(8, 6),
    cameras=tuple(Placed(camera=name, x=4, y=6) for name in (*FLOORS, "pin")),
)
PLAN = Plan("room", ROOM, None, 1, NOW, "ada")
ALL = Asked((), NOW - SECOND, NOW + 3600 * SECOND)


def ground(camera: str) -> GroundConfig:
    return GroundConfig(picture=PICTURE, floor=FLOORS[camera])


def walked(camera: str, places: Iterable[tuple[float, float]], track: int = 1) -> list[PackedFrame]:
    """Ten frames a second of somebody whose feet are at these metres."""
    floor = ground(camera).ground()
    frames = []
    for number, (x, y) in enumerate(floor.to_picture(np.array(list(places)))):
        box = np.array([[x - 0.02, y - 0.2, x + 0.02, y]], np.float32)
        person = Detections(box, np.ones(1, np.float32), np.zeros(1, np.int32), np.array([track]))
        frames.append(PackedFrame(NOW + number * SECOND // 10, number, person))
    return frames


async def tell(store: Store, camera: str, frames: list[PackedFrame]) -> None:
    speaker = Speaker(camera)
    header = digest(pack(speaker.header))
    parts = [pack_frames(frames[at : at + 500]) for at in range(0, len(frames), 500)]
    said = [speaker.parcel("frames", part, header) for part in parts]
    await store.hear(speaker.announce(), *said)


async def calibrated(store: Store) -> None:
    def work(connection: Any) -> None:
        for camera in FLOORS:
            tree = {"ground": ground(camera).model_dump(mode="json")}
            author = Author("ada", NOW)
            change(connection, camera, lambda _, tree=tree: Desired(0, tree), author)  # type: ignore[misc]

    await store.database.write(work)


async def on_the_floor(store: Store, asked: Asked = ALL, cell_m: float = 1.0) -> FloorHeat:
    return await store.database.read(
        lambda c: floor_heat(c, store.segments, PLAN, ROOM.cameras, asked, cell_m)
    )


def straight(start: tuple[float, float], end: tuple[float, float], steps: int) -> Any:
    return np.linspace(start, end, steps).tolist()


async def test_somebody_who_walks_over_the_floor(store: Store) -> None:
    await calibrated(store)
    await tell(store, "south", walked("south", straight((1.5, 2.5), (3.45, 2.5), 40)))
    found = await on_the_floor(store)
    assert (found.rows, found.columns, found.cell_m) == (6, 8, 1.0)
    assert found.cameras == ["south"]
    assert set(found.without) == {"east", "pin"}
    assert "calibrated" in found.without["pin"]
    assert found.seconds == pytest.approx(3.9, abs=1e-3)
    assert found.labels == pytest.approx({"person": 3.9})
    assert found.frames == 40
    row = np.array(found.cells)[2]
    assert row[1:4] == pytest.approx([1.0, 2.0, 0.9], abs=0.11)
    assert np.array(found.cells).sum() == pytest.approx(row.sum())
    assert np.array(found.flow)[2, 1:4] == pytest.approx(np.array([[0.5, 0.0]] * 3), abs=0.02)


async def test_what_two_cameras_see_counts_once(store: Store) -> None:
    await calibrated(store)
    for camera in FLOORS:
        await tell(store, camera, walked(camera, straight((5.5, 2.5), (5.5, 4.45), 40)))
    found = await on_the_floor(store)
    assert sorted(found.cameras) == ["east", "south"]
    assert found.seconds == pytest.approx(3.9, abs=0.05)
    assert found.labels["person"] == pytest.approx(7.8, abs=0.01)
    assert np.array(found.flow)[3, 5] == pytest.approx([0.0, 0.5], abs=0.02)


async def test_only_what_was_asked_for(small_store: Store) -> None:
    await calibrated(small_store)
    await tell(small_store, "south", walked("south", straight((1.5, 2.5), (1.5, 2.5), 20)))
    none = await on_the_floor(small_store, Asked(("car",), ALL.from_ns, ALL.to_ns))
    assert (none.seconds, none.labels) == (0, {})
    half = await on_the_floor(small_store, Asked((), NOW, NOW + SECOND))
    assert half.frames == 10
    with pytest.raises(Refused, match="cell"):
        await on_the_floor(small_store, cell_m=0.01)


async def test_the_same_over_the_picture(small_store: Store) -> None:
    await calibrated(small_store)
    frames = walked("south", straight((4, 5.0), (4, 2.0), 31))
    await tell(small_store, "south", frames)
    found = await small_store.database.read(
        lambda c: heat_map(c, small_store.segments, "south", ALL, 16)
    )
    assert (found.rows, found.columns) == (9, 16)
    across = np.flatnonzero(np.array(found.cells).sum(axis=0)).tolist()
    assert set(across) <= {7, 8}
    flow = np.array(found.flow)[np.array(found.cells) > 0]
    assert (flow[:, 1] < 0).all()  # away is up


async def test_a_sample_stands_for_the_whole(
    small_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await calibrated(small_store)
    places = itertools.islice(itertools.cycle(straight((2, 2), (5, 4), 50)), 30_000)
    await tell(small_store, "south", walked("south", places))
    whole = await on_the_floor(small_store)
    assert whole.complete
    monkeypatch.setattr(heat, "MOST_OBJECTS", 12_000)
    some = await on_the_floor(small_store)
    assert not some.complete
    assert some.frames < whole.frames / 2
    assert some.seconds == pytest.approx(whole.seconds, rel=0.05)
    assert np.array(some.cells) == pytest.approx(np.array(whole.cells), rel=0.15, abs=20)


@given(st.integers(1, 90 * 86400), st.floats(1e-6, 0.99))
def test_windows_are_within_the_span_in_order_and_the_share(span_s: int, share: float) -> None:
    first, last = NOW, NOW + span_s * SECOND
    windows, scale = spread(first, last, share)
    assert 1 <= len(windows) <= 151
    edges = [edge for window in windows for edge in window]
    assert edges == sorted(edges)
    assert first <= edges[0] < edges[-1] <= last
    assert scale >= 1 or scale == pytest.approx(1)


def block(times_s: list[float], tracks: list[list[int]], tracked: bool = True) -> Block:
    ids = np.array([one for frame in tracks for one in frame], np.int64)
    boxes = np.zeros((len(ids), 4), np.float32)
    objects = Detections(boxes, boxes[:, 0], np.zeros(len(ids), np.int32), ids)
    offsets = np.cumsum([0, *map(len, tracks)])
    times = (np.array(times_s) * SECOND).astype(np.int64)
    flags: NDArray[np.bool_] = np.full(len(times), tracked)
    return Block(times, np.arange(len(times)), offsets, flags, objects, {})


def test_steps_are_of_one_identity_and_not_over_gaps() -> None:
    found = steps(block([0, 0.1, 0.2, 2.0], [[1, 2], [2], [2, 1, 0], [0, 1]]))
    pairs = sorted(zip(found.before.tolist(), found.now.tolist(), strict=True))
    assert pairs == [(0, 4), (1, 2), (2, 3)]
    assert sorted(found.took_s.tolist()) == pytest.approx([0.1, 0.1, 0.2])
    assert len(steps(block([0, 0.1], [[1], [1]], tracked=False)).now) == 0
    assert len(steps(block([0], [[]])).now) == 0


def test_how_long_is_known_until_the_next_frame_only() -> None:
    assert lasted_s(block([0, 0.5, 9], [[1], [1, 2], [1]])).tolist() == [0.5, 1, 1, 0]


@pytest.mark.parametrize(("size", "cell"), [((8, 6), 0.1), ((12, 30), 0.5), ((9000, 2), 200)])
def test_squares_fit_the_plan(size: tuple[float, float], cell: float) -> None:
    assert fitting_cell(size) == cell


def test_files_hold_what_the_answer_holds(tmp_path: Path) -> None:
    told = HeatMap(1, 2, [[1.5, 0.0]], 1.5, {"person": 1.5}, 10, True, [[(0.5, -0.25), (0.0, 0.0)]])
    text, _ = as_csv(told)
    lines = text.splitlines()
    assert lines[0] == "row,column,x,y,seconds,flow_x,flow_y"
    assert lines[1] == "0,0,0.25,0.5,1.5,0.5,-0.25"
    body, _ = as_npz(told)
    (tmp_path / "heat.npz").write_bytes(body)
    with np.load(tmp_path / "heat.npz") as arrays:
        assert arrays["presence"].tolist() == [[1.5, 0.0]]
        assert arrays["flow"].shape == (1, 2, 2)


async def test_nothing_is_stored(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        found = await store.database.read(lambda c: heat_map(c, store.segments, "south", ALL, 16))
        assert (found.cells, found.frames, found.complete) == ([], 0, True)
        assert as_csv(found)[0].strip().startswith("row")


async def test_what_is_not_in_a_file_yet_counts_as_much(small_store: Store) -> None:
    speaker = Speaker("south")
    said = [speaker.frames([1] * 10, NOW + i * SECOND, 10 * i) for i in range(40)]
    await small_store.hear(speaker.announce(), *said)

    async def seconds() -> float:
        asked = Asked((), NOW, NOW + 60 * SECOND)
        found = await small_store.database.read(
            lambda c: heat_map(c, small_store.segments, "south", asked, 16)
        )
        assert found.frames == 400
        return found.seconds

    fresh = await seconds()
    await small_store.compaction.compact("south", NOW // SECOND // 3600)
    assert fresh == pytest.approx(
        await seconds(), abs=0.31
    )  # where read parts end, a frame has none
