"""Skimming a recording gives what looking at each picture gives, to the last bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.analytics.asking import ask
from sightline.analytics.replay import Replay
from sightline.analytics.skim import skim
from sightline.results import Detections
from sightline.results.stretch import stretches
from sightline.twin.config import CameraConfig, parse_config
from sightline.twin.questions import Question, counts, questions, restore, state_of
from sightline.wire.messages import Event

Film = list[tuple[int, Detections]]
LABELS = ["person", "car"]
S = 10**9
TILL = [[0.3, 0.3], [0.7, 0.3], [0.6, 0.8], [0.3, 0.8]]
DOOR = {"name": "door", "points": [[0.5, 1], [0.5, 0]]}
ASKED: dict[str, list[dict[str, Any]]] = {
    "lines": [
        DOOR,
        {"name": "short", "points": [[0.2, 0.4], [0.7, 0.6]], "classes": ["person"]},
        {"name": "keen", "points": [[0.8, 0.2], [0.25, 0.75]], "hysteresis": 0},
    ],
    "zones": [
        {"name": "till", "polygon": TILL, "capacity": 1, "capacity_s": 0.5},
        {"name": "edge", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]], "classes": ["car"]},
        {"name": "wide", "polygon": TILL, "hysteresis": 0.5, "classes": ["person"]},
    ],
    "dwell": [
        {"name": "stay", "polygon": TILL, "loiter_s": 1.5, "anchor": "center"},
        {"name": "pass", "polygon": TILL, "classes": ["person"]},
    ],
    "people": [{"name": "shop", "entrances": [DOOR]}],
    "queues": [
        {"name": "line", "polygon": TILL, "path": [[0.3, 0.5]], "settle_s": 0.7,
         "max_waiting": 1, "max_wait_s": 2, "for_s": 0.6},
        {"name": "calm", "polygon": TILL, "path": [[0.3, 0.5]], "settle_s": 0.7},
    ],
    "paths": [{"name": "ways", "places": [
        {"name": "till", "polygon": TILL},
        {"name": "left", "polygon": [[0, 0], [0.3, 0], [0.3, 1], [0, 1]]}]}],
    "heatmaps": [{"name": "floor", "columns": 8, "hours": 2}],
    "crowds": [
        {"name": "square", "gathering": 2, "for_s": 0.4},
        {"name": "usual", "polygon": TILL, "density": 0.02, "for_s": 0.5, "abnormal": 0.5,
         "fewest": 2, "learn_s": 10, "radius_m": 3, "capacity": 1, "capacity_s": 0.4},
    ],
    "distances": [
        {"name": "near", "limit_m": 2, "for_s": 0.4},
        {"name": "keen", "limit_m": 1, "for_s": 0, "relief": 1},
        {"name": "long", "limit_m": 4, "for_s": 1.5, "polygon": TILL, "classes": ["person"]},
    ],
    "speeds": [{"name": "fast", "limit": 0.5}],
    "hazards": [{"name": "aisle", "polygon": TILL, "machines": ["car"], "active": "moving",
                 "run": 1.0},
                {"name": "floor", "polygon": TILL, "run": 0.3, "way": [1, 0], "down_s": 0.5,
                 "hold_s": 0.4},
                {"name": "anything", "people": [], "run": 1.0, "intrusion": False},
                {"name": "road", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]],
                 "people": ["car"]}],
    "left": [
        {"name": "bags", "left_s": 1.0},
        {"name": "prams", "left_s": 1.0, "gone_s": 0.5, "owner_s": 0.6, "polygon": TILL},
        {"name": "all", "classes": LABELS, "owners": [], "left_s": 2.0, "gone_s": 1.0},
    ],
    "rules": [{"name": "full", "when": 'count(zone="till") > 1'}],
}  # fmt: skip
GROUND = {
    "picture": [[0.1, 0.9], [0.9, 0.9], [0.6, 0.2], [0.4, 0.2]],
    "floor": [[-2, 2], [2, 2], [2, 9], [-2, 9]],
}
_SCORES = np.array([0, 0.5, 0.9, 0.9, 0.9], np.float32)
kinds = st.sets(st.sampled_from(sorted(ASKED)), min_size=1)


def config(chosen: set[str], **more: Any) -> CameraConfig:
    wanted = chosen | ({"zones"} if "rules" in chosen else set())
    asked = {kind: ASKED[kind] for kind in wanted}
    return parse_config({"source": "x", "ground": GROUND, **asked, **more}, "test")


def asked(of: CameraConfig, exact: bool = False) -> list[Question]:
    return questions(of, LABELS, 1.5, exact=exact)


def looked(some: list[Question], film: Film) -> list[Event]:
    return [event for time_ns, tracks in film for event in ask(some, tracks, time_ns)]


def skimmed(some: list[Question], film: Film, most: int) -> list[Event]:
    return [e for part in stretches(film, most) for said in skim(some, part) for e in said]


def same(some: list[Question], others: list[Question]) -> None:
    assert counts(some) == counts(others)
    kept, told = state_of(some), state_of(others)
    assert kept["roster"] == told["roster"]
    for one, other in zip(kept["analytics"], told["analytics"], strict=True):
        assert one == other, one["kind"]


def wandering(
    seed: int, pictures: int, fps: float, people: int = 4, pace: float = 0.3, **trouble: float
) -> Film:
    """People who walk and stand about, come and go, and are lost for a while.

    trouble  how often somebody is not seen, is given a new number, is seen twice, is taken for
             something else, or stands where lines and corners are; how often time jumps or goes
             back
    """
    random = np.random.default_rng(seed)
    at = random.uniform(0.0, 1.0, (people, 2))
    goal = random.uniform(-0.05, 1.05, (people, 2))
    ids, labels = np.arange(1, people + 1), random.integers(0, 2, people).astype(np.int32)
    now, film, fresh = 0, [], people
    for _ in range(pictures):
        far = goal - at
        left = np.maximum(np.hypot(*far.T), 1e-9)
        at = at + far * np.minimum(pace / fps / left, 1)[:, None]
        for one in np.flatnonzero(left < 0.02):
            goal[one] = random.uniform(-0.05, 1.05, 2)
        if random.random() < trouble.get("renamed", 0):
            fresh += 1
            ids[random.integers(people)] = fresh
        shown = at + random.normal(0, 0.002, at.shape)
        if random.random() < trouble.get("exactly", 0):
            shown = np.round(shown * 10) / 10
        seen = random.random(people) >= trouble.get("hidden", 0)
        boxes = np.hstack([shown - np.array([0.03, 0.2]), shown + np.array([0.03, 0])])[seen]
        own = ids[seen].copy()
        if len(own) > 1 and random.random() < trouble.get("doubled", 0):
            own[0] = own[1]
        told = np.where(random.random(people) < trouble.get("mistaken", 0), 1 - labels, labels)
        order = random.permutation(len(own))
        tracks = Detections(
            boxes.astype(np.float32), random.choice(_SCORES, len(own)), told[seen], own
        )
        film.append((now, tracks[order]))
        now += round(S / fps)
        if random.random() < trouble.get("jumps", 0):
            now += int(random.choice([-3 * S, 0, 5 * S, 70 * S, 86_400 * S, -86_400 * S]))
    return film


@settings(max_examples=25, deadline=None)
@given(kinds, st.integers(0, 10**6), st.sampled_from([2.5, 5, 12, 30]),
       st.sampled_from([1, 7, 64, 4096]), st.booleans())  # fmt: skip
def test_quiet_days(chosen: set[str], seed: int, fps: float, most: int, exact: bool) -> None:
    film = wandering(seed, 240, fps, renamed=0.02, hidden=0.02)
    of = config(chosen)
    some, others = asked(of, exact), asked(of, exact)
    assert skimmed(others, film, most) == looked(some, film)
    same(some, others)
    ends = [[event for one in each for event in one.finish()] for each in (some, others)]
    assert ends[0] == ends[1]


@settings(max_examples=25, deadline=None)
@given(
    kinds,
    st.integers(0, 10**6),
    st.sampled_from([5, 12]),
    st.sampled_from([16, 4096]),
    st.sampled_from([0, 0.1, 0.6]),
    st.sampled_from([0, 0.03]),
    st.sampled_from([0, 0.02]),
    st.sampled_from([0, 0.05]),
    st.booleans(),
)
def test_troubled_days(
    chosen: set[str],
    seed: int,
    fps: float,
    most: int,
    hidden: float,
    doubled: float,
    jumps: float,
    mistaken: float,
    watched: bool,
) -> None:
    trouble: dict[str, Any] = {
        "hidden": hidden,
        "doubled": doubled,
        "jumps": jumps,
        "mistaken": mistaken,
    }
    film = wandering(seed, 200, fps, renamed=0.05, exactly=0.1, **trouble)
    of = config(chosen, view={"watch": watched})
    some, others = asked(of), asked(of)
    assert skimmed(others, film, most) == looked(some, film)
    same(some, others)


@settings(max_examples=20, deadline=None)
@given(kinds, st.integers(0, 10**6), st.integers(0, 200), st.booleans())
def test_from_a_state(chosen: set[str], seed: int, at: int, same_tracks: bool) -> None:
    """A recording that is read on, and one that begins after a restart."""
    film = wandering(seed, 200, 10, renamed=0.03, hidden=0.1)
    of = config(chosen)
    before = asked(of)
    looked(before, film[:at])
    some, others = asked(of), asked(of)
    for each in (some, others):
        restore(each, state_of(before), same_tracks=same_tracks)
    assert skimmed(others, film[at:], 50) == looked(some, film[at:])
    same(some, others)


def probed(film: Film, faults: Iterator[tuple[float, ...]]) -> Film:
    return [
        (t, Detections(d.boxes, d.scores, d.labels, d.track_ids, probes={"view": next(faults)}))
        if number % 2 == 0 else (t, d)
        for number, (t, d) in enumerate(film)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param((0.02, 0.1, 0.1, 1, 1, 0, 0, 1, 0, 0), id="dark"),
        pytest.param((0.5, 0.2, 0.2, 0.5, 1, 0.1, 0.05, 0.9, 0, 0), id="moved"),
        pytest.param((0.5, 0.2, 0.2, 1, 1, 0, 0, 1, 0, 0), id="sound"),
    ],
)
def test_a_view_that_is_troubled(trouble: tuple[float, ...]) -> None:
    usual = (0.5, 0.2, 0.2, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    faults = ([usual] * 60 + [trouble] * 40 + [usual] * 400)[:500]
    film = probed(wandering(5, 500, 5), iter(faults))
    of = config(set(ASKED) - {"rules"})
    some, others = asked(of), asked(of)
    told = looked(some, film)
    assert skimmed(others, film, 128) == told
    same(some, others)
    assert any(e.kind.startswith("view.") for e in told) == (trouble[:7] != usual[:7])


@pytest.mark.parametrize("most", [50, 4096])
def test_the_view_knows_the_time_where_somebody_comes_with_the_last_picture(most: int) -> None:
    """However long a stretch is, and whoever comes at its end, its clock has not been set."""
    (_, one), *_ = wandering(1, 1, 5, people=2)
    first, both = one[one.track_ids == 1], one
    times = [n * 2 * S for n in range(100)]
    film = [(t, both if n % 50 >= 49 else first) for n, t in enumerate(times)]
    film += [(times[-1] + (n + 1) * 2 * S, first) for n in range(50)]
    of = config({"lines"})
    some, others = asked(of), asked(of)
    assert skimmed(others, film, most) == looked(some, film)
    same(some, others)
    assert not any(event.kind == "view.clock" for event in skimmed(asked(of), film, most))


def test_most_pictures_of_a_quiet_day_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would be right, and slow."""
    from sightline.analytics.line import Line

    looks = 0
    look: Callable[..., Any] = Line._look

    def counted(self: Line, *told: Any) -> Any:
        nonlocal looks
        looks += 1
        return look(self, *told)

    monkeypatch.setattr(Line, "_look", counted)
    film = wandering(3, 3000, 5, people=2, pace=0.05)
    replay = Replay(asked(config({"people"})), LABELS)
    events = [event for said in replay.run(stretches(film)) for event in said]
    assert len(events) > 20
    assert looks < 400


def test_nothing_at_all() -> None:
    assert skimmed([], wandering(0, 5, 5), 3) == []
    assert skimmed(asked(config({"lines", "heatmaps"})), [], 3) == []
    nobody = [(n * S, Detections.empty(tracked=True)) for n in range(100)]
    some, others = asked(config(set(ASKED))), asked(config(set(ASKED)))
    assert skimmed(others, nobody, 30) == looked(some, nobody)
    same(some, others)


@pytest.mark.parametrize("most", [2, 4096])
def test_who_is_given_up_while_nobody_is_there_is_somebody_else_afterwards(most: int) -> None:
    """A stretch in which nobody is seen at all is no stretch in which nothing happens."""
    (_, one), *_ = wandering(1, 1, 5, people=1)
    film = [(n * S, one if n in (0, 4) else Detections.empty(tracked=True)) for n in range(6)]
    of = config({"zones"}, zones=[{"name": "all", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}])
    some, others = asked(of), asked(of)
    assert skimmed(others, film, most) == looked(some, film)
    assert counts(others)["zones"]["all"]["visits"] == 2
    same(some, others)
