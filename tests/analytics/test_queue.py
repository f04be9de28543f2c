"""A counter at the left end of a line that people join at its right end."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sightline.analytics.queue import Queue, QueueConfig

Make = Callable[..., Any]
LINE = ((0.2, 0.3), (0.9, 0.3), (0.9, 0.7), (0.2, 0.7))
HEAD = (0.25, 0.5)
STEP = 0.07


def queue(**more: Any) -> Queue:
    keys = {"name": "till", "polygon": LINE, "path": (HEAD,), **more}
    return Queue(QueueConfig(**keys), ["person"])


def served(joins: list[float], leaves: list[float], walk_s: float = 1.0) -> dict[int, Any]:
    """Paths of people who join at the end, move up when the first leaves, and leave at the head."""
    paths = {}
    for number, (join, leave) in enumerate(zip(joins, leaves, strict=True)):
        before = [t for t in leaves[:number] if t > join]
        spot = len(before)
        stops = [(join - walk_s, 0.98, 0.5), (join, HEAD[0] + STEP * spot, 0.5)]
        for t in before:
            stops.append((max(t, stops[-1][0] + 0.01), HEAD[0] + STEP * spot, 0.5))
            spot -= 1
            stops.append((stops[-1][0] + 0.5, HEAD[0] + STEP * spot, 0.5))
        stops += [(max(leave, stops[-1][0] + 0.01), *HEAD), (leave + 1, 0.02, 0.5)]
        paths[number + 1] = stops
    return paths


def simulated(seed: int, arrivals: int, mean_gap_s: float, service_s: float) -> tuple[Any, Any]:
    """Arrivals at random, one server (Lindley's recursion): when each joins and leaves."""
    random = np.random.default_rng(seed)
    joins = np.cumsum(random.exponential(mean_gap_s, arrivals) + 1.0) + 2
    leaves: list[float] = []
    for join in joins:
        began = max([join, *leaves[-1:]])
        leaves.append(began + max(4.0, random.normal(service_s, service_s / 5)))
    return joins.tolist(), leaves


@pytest.mark.parametrize("fps", [10, 5])
def test_waits_and_service_rate_are_the_true_ones(
    film: Make, path: Make, play: Make, fps: int
) -> None:
    joins, leaves = simulated(3, 30, 12, 10)
    people = {n: path(*stops) for n, stops in served(joins, leaves).items()}
    one = queue()
    events = play(one, film(people, leaves[-1] + 3, fps))
    left = [event for event in events if event.kind == "queue.left"]
    assert len(left) == 30
    assert all(event.data["served"] for event in left)
    summary = one.summary()
    true = np.subtract(leaves, joins).mean()
    assert summary["wait_s"] == pytest.approx(true, rel=0.1)
    assert (summary["served"], summary["gave_up"], summary["waiting"]) == (30, 0, 0)
    assert summary["longest"] >= 3
    assert 60 / summary["served_a_minute"] == pytest.approx(10, rel=0.15)


def test_the_expected_wait_holds_for_who_joins_within_its_error(film: Make, path: Make) -> None:
    """What is promised on joining, against what they then wait: 95 % within two errors or so."""
    joins, leaves = simulated(5, 60, 9, 10)
    people = {n: path(*stops) for n, stops in served(joins, leaves).items()}
    one, promised, kept = queue(), {}, []
    for time_ns, tracks in film(people, leaves[-1] + 3, 5):
        for event in one.update(tracks, time_ns):
            if event.kind == "zone.entered" and (expected := one.expected()):
                promised[event.track] = expected
            if event.kind == "queue.left" and event.track in promised:
                expected, error = promised[event.track]
                kept.append((event.data["wait_s"] - expected, error))
    off, errors = np.array(kept).T
    assert len(off) > 40
    assert abs(off.mean()) < 3
    within = np.abs(off) <= 2 * np.hypot(errors, 3)
    assert within.mean() >= 0.9


def test_the_line_is_in_order_with_the_waits_so_far(film: Make, path: Make) -> None:
    one = queue()
    people = served([2, 4, 6], [60, 70, 80])
    for time_ns, tracks in film({n: path(*stops) for n, stops in people.items()}, 20, 10):
        one.update(tracks, time_ns)
    (first, a), (second, b), (third, c) = one.line()
    assert (first, second, third) == (1, 2, 3)
    assert a - b == pytest.approx(2, abs=0.2)
    assert c == pytest.approx(14, abs=1.2)
    assert one.expected() is None
    assert one.summary()["expected_s"] == -1


def test_a_winding_line_is_ordered_along_its_path(film: Make, path: Make) -> None:
    """Two rows: who is beside the head stands at the very end."""
    room = ((0.1, 0.2), (0.9, 0.2), (0.9, 0.95), (0.1, 0.95))
    winding = ((0.2, 0.4), (0.8, 0.4), (0.8, 0.8), (0.2, 0.8))
    places = [(0.25, 0.42), (0.6, 0.38), (0.78, 0.6), (0.5, 0.82), (0.22, 0.78)]
    people = {n: path((0, *at), (9, *at)) for n, at in enumerate(places, 1)}
    one = queue(polygon=room, path=winding)
    for time_ns, tracks in film(people, 9, 5):
        one.update(tracks, time_ns)
    assert [track for track, _ in one.line()] == [1, 2, 3, 4, 5]


def test_who_leaves_at_the_end_gave_up_and_who_passes_never_waited(
    film: Make, path: Make, play: Make
) -> None:
    people = {
        1: path((0, 0.98, 0.5), (1, 0.7, 0.5), (20, 0.7, 0.5), (21, 0.98, 0.5)),
        2: path((5, 0.5, 0.1), (6, 0.5, 0.98)),
    }
    one = queue()
    events = play(one, film(people, 22, 10))
    [left] = [event for event in events if event.kind == "queue.left"]
    assert left.data["served"] is False
    assert left.data["wait_s"] == pytest.approx(20, abs=0.8)
    assert (one.summary()["gave_up"], one.summary()["served"]) == (1, 0)


def test_another_counter_is_called_for_once_and_the_call_ends_when_it_is_better(
    film: Make, path: Make, play: Make
) -> None:
    joins = [2.0 + 2 * n for n in range(8)]
    leaves = [40.0 + 5 * n for n in range(8)]
    people = {n: path(*stops) for n, stops in served(joins, leaves).items()}
    one = queue(max_waiting=4, for_s=5, max_wait_s=1000)
    events = [e for e in play(one, film(people, 90, 5)) if e.kind.startswith("queue.")]
    calls = [e for e in events if e.kind != "queue.left"]
    assert [event.kind for event in calls] == ["queue.open_counter", "queue.relaxed"]
    # The fifth joins at 10 s and has waited for 3 s before it counts; then five more seconds.
    assert calls[0].time_ns / 1e9 == pytest.approx(18, abs=1.2)
    assert one.summary()["calls"] == 1


def test_a_long_expected_wait_calls_too(film: Make, path: Make, play: Make) -> None:
    joins, leaves = simulated(3, 30, 5, 10)
    people = {n: path(*stops) for n, stops in served(joins, leaves).items()}
    one = queue(max_wait_s=60, for_s=5)
    events = play(one, film(people, leaves[-1] + 40, 5))
    calls = [e for e in events if e.kind in ("queue.open_counter", "queue.relaxed")]
    assert [event.kind for event in calls] == ["queue.open_counter", "queue.relaxed"]
    assert calls[0].data["expected_s"] > 60


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"polygon": LINE[:2]}, "needs at least 3 points"),
        ({"polygon": (LINE[0], LINE[2], LINE[1], LINE[3])}, "crosses itself"),
        ({"polygon": ((0.2, 0.3), (1.9, 0.3), (0.9, 0.7))}, "outside the picture"),
        ({"path": ()}, "at least 1"),
        ({"path": ((0.5, 1.7),)}, "outside the picture"),
        ({"relief": 2}, "less than or equal to 1"),
    ],
)
def test_what_cannot_be_a_queue(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        queue(**keys)
