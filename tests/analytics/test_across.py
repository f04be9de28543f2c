"""Two cameras over a room of 12 by 6 metres: A sees its left, B its right, and a strip both."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.analytics.across import Across
from sightline.analytics.floorwide import floorwide
from sightline.geometry.ground import Ground
from sightline.results import Detections

Walk = Callable[[float], tuple[float, float] | None]
CORNERS = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], float)
ROOM = np.array([12.0, 6.0])
_HEAD, _SIDE = np.array([0.02, 0.2]), np.array([0.02, 0.0])


def cameras(overlap_m: float) -> dict[str, tuple[float, float, Ground]]:
    """From which x to which x each sees, and how."""
    half = overlap_m / 2
    spans = {"A": (0.0, 6.0 + half), "B": (6.0 - half, 12.0)}
    return {
        name: (low, high, Ground(CORNERS, np.array([[low, 0], [high, 0], [high, 6], [low, 6]])))
        for name, (low, high) in spans.items()
    }


def walk(*stops: tuple[float, float, float]) -> Walk:
    times, xs, ys = np.array(stops).T

    def at(now: float) -> tuple[float, float] | None:
        if not times[0] <= now <= times[-1]:
            return None
        return float(np.interp(now, times, xs)), float(np.interp(now, times, ys))

    return at


def seen(
    camera: str, view: tuple[float, float, Ground], walks: dict[int, Walk], now: float, noise: Any
) -> Detections:
    """What a camera sees; its numbers are its own, and new whenever somebody comes in again."""
    low, high, ground = view
    ids, feet = [], []
    for number, way in walks.items():
        place = way(now)
        if place and low <= place[0] <= high:
            ids.append(number * 10 + (1 if camera == "A" else 2))
            feet.append(np.array(place) + noise.normal(0, 0.05, 2))
    points = ground.to_picture(np.array(feet).reshape(-1, 2))
    boxes = np.concatenate([points - _HEAD, points + _SIDE], axis=1).astype(np.float32)
    count = len(ids)
    return Detections(
        boxes, np.ones(count, np.float32), np.zeros(count, np.int32), np.array(ids, np.int64)
    )


def play(walks: dict[int, Walk], seconds: float, overlap_m: float, fps: int = 10) -> Any:
    """The persons that each walk was taken for, by number of the walk."""
    views, noise = cameras(overlap_m), np.random.default_rng(1)
    across = Across({name: ground for name, (_, _, ground) in views.items()})
    taken: dict[int, set[int]] = {number: set() for number in walks}
    for step in range(round(seconds * fps)):
        for name, view in views.items():
            tracks = seen(name, view, walks, step / fps, noise)
            across.see(name, tracks, round(step / fps * 1e9))
            for track in tracks.track_ids.tolist():
                person = across.person(name, track)
                if person is not None:
                    taken[track // 10].add(person)
    return taken


@pytest.mark.parametrize("overlap_m", [2.0, 0.0, -2.0], ids=["both see", "meet", "gap"])
def test_who_walks_from_one_camera_into_the_next_stays_one(overlap_m: float) -> None:
    walks = {1: walk((0, 1, 3), (10, 11, 3)), 2: walk((1, 11, 1.5), (11, 1, 1.5))}
    taken = play(walks, 12, overlap_m)
    assert [len(people) for people in taken.values()] == [1, 1]
    assert taken[1] != taken[2]


def test_two_side_by_side_stay_two() -> None:
    walks = {1: walk((0, 1, 2.5), (10, 11, 2.5)), 2: walk((0, 1, 3.5), (10, 11, 3.5))}
    taken = play(walks, 12, 2.0)
    assert [len(people) for people in taken.values()] == [1, 1]
    assert taken[1] != taken[2]


def test_who_comes_long_after_is_somebody_else() -> None:
    walks = {1: walk((0, 1, 3), (3, 5.9, 3)), 2: walk((16, 6.1, 3), (20, 11, 3))}
    taken = play(walks, 22, 0.0)
    assert taken[1].isdisjoint(taken[2])


def test_who_is_elsewhere_at_that_time_is_somebody_else() -> None:
    walks = {1: walk((0, 1, 1), (3, 5.9, 1)), 2: walk((3.5, 6.1, 5.5), (8, 11, 5.5))}
    taken = play(walks, 10, 0.0)
    assert taken[1].isdisjoint(taken[2])


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 8), st.integers(0, 1000), st.sampled_from([2.0, 0.0, -1.0]))
def test_a_room_counts_its_people_and_not_its_cameras(
    count: int, seed: int, overlap_m: float
) -> None:
    """Random walks in lanes, one after another or together: as many people as walked."""
    random = np.random.default_rng(seed)
    walks = {}
    for number in range(1, count + 1):
        start, pace, y = random.uniform(0, 8), random.uniform(0.8, 1.6), 0.4 + 0.7 * (number - 1)
        ends = (0.5, 11.5) if random.random() < 0.5 else (11.5, 0.5)
        walks[number] = walk((start, ends[0], y), (start + 11 / pace, ends[1], y))
    taken = play(walks, 24, overlap_m)
    people = set().union(*taken.values())
    assert len(people) == count
    assert all(len(one) == 1 for one in taken.values())


def test_looks_tell_apart_who_changes_places_unseen() -> None:
    """Two come out of the gap where the other was expected; only their looks say so."""
    views, noise = cameras(-2.0), np.random.default_rng(1)
    walks = {
        1: walk((0, 2, 2.8), (3, 5, 2.8), (5, 7, 3.4), (8, 10, 3.4)),
        2: walk((0, 2, 3.4), (3, 5, 3.4), (5, 7, 2.8), (8, 10, 2.8)),
    }
    looks = {1: np.array([1, 0], np.float32), 2: np.array([0, 1], np.float32)}
    for given_looks in (True, False):
        across = Across({name: ground for name, (_, _, ground) in views.items()})
        for step in range(80):
            for name, view in views.items():
                tracks = seen(name, view, walks, step / 10, noise)
                mine = [looks[track // 10] for track in tracks.track_ids.tolist()]
                vectors = np.array(mine).reshape(-1, 2) if given_looks else None
                across.see(name, tracks, step * 10**8, vectors)
        same = across.person("A", 11) == across.person("B", 12)
        assert same is given_looks


def test_who_was_taken_for_another_and_walks_apart_becomes_two() -> None:
    """B's person begins where A's stands, unseen by A; then they part."""
    views = cameras(12.0)
    across = Across({name: ground for name, (_, _, ground) in views.items()})
    noise = np.random.default_rng(1)
    stands, leaves = walk((0, 6, 3), (20, 6, 3)), walk((0, 6.3, 3), (4, 6.3, 3), (8, 11, 3))
    for step in range(100):
        now = step / 10
        across.see("A", seen("A", views["A"], {1: stands}, now, noise), step * 10**8)
        across.see("B", seen("B", views["B"], {2: leaves}, now, noise), step * 10**8)
        if step == 20:
            assert across.person("A", 11) == across.person("B", 22)
    assert across.person("A", 11) != across.person("B", 22)


def test_the_floor_as_a_picture_from_above() -> None:
    views, noise = cameras(2.0), np.random.default_rng(1)
    walks = {1: walk((0, 1, 1.5), (10, 11, 1.5))}

    def rows(name: str) -> Any:
        for step in range(101):
            yield step * 10**8, seen(name, views[name], walks, step / 10, noise)

    across = Across({name: ground for name, (_, _, ground) in views.items()})
    found = list(floorwide(across, {n: rows(n) for n in views}, np.zeros(2), ROOM, flip=True))
    assert [time_ns for time_ns, _ in found] == [step * 10**8 for step in range(101)]
    for time_ns, tracks in found[10:95]:
        [box] = tracks.boxes
        x = (1 + time_ns / 1e9) / 12
        assert (box[0] + box[2]) / 2 == pytest.approx(x, abs=0.03)
        assert box[3] == pytest.approx(1 - 1.5 / 6, abs=0.03)
    assert len({t for _, tracks in found for t in tracks.track_ids.tolist()}) == 1
