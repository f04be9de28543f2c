"""Numbers over intervals add up to the numbers over all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.analytics.doubt import Doubt, read, written
from sightline.camera.agent.intervals import Intervals
from sightline.wire.messages import Measure

STEPS = st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9), st.booleans()), min_size=1)


@given(STEPS)
def test_counts_of_intervals_add_up_also_over_restarts(steps: list[tuple[int, int, bool]]) -> None:
    intervals, time_ns, count, told = Intervals(), 0, 0, []
    for length, more, restart in steps:
        time_ns, count = time_ns + length, count + more
        whole = Measure("line.count", "door", 0, time_ns, count, data={"direction": "in"})
        told += intervals.since([whole])
        if restart:
            again = Intervals()
            again.restore(intervals.state())
            intervals = again
    assert sum(measure.value for measure in told) == count
    assert [m.start_ns for m in told[1:]] == [m.end_ns for m in told[:-1]]


def test_what_is_counted_for_the_first_time_is_of_the_last_interval() -> None:
    intervals = Intervals()

    def said(minute: int, **counts: int) -> list[tuple[str, int, float]]:
        told = [Measure("hazard.count", "aisle", 0, minute, n, data={"direction": what})
                for what, n in counts.items()]  # fmt: skip
        told.append(Measure("hazard.exposure", "aisle", 0, minute, 0.0))
        found = intervals.since(told)
        return [(m.data["direction"], m.start_ns, m.value) for m in found if m.data]

    assert said(1) == []
    assert said(60, running=2) == [("running", 1, 2)]
    assert said(120, running=3, closing=1) == [("running", 60, 1), ("closing", 60, 1)]


@given(STEPS)
def test_means_of_intervals_have_the_mean_of_all(steps: list[tuple[int, int, bool]]) -> None:
    intervals, time_ns, area, told = Intervals(), 0, 0, []
    for length, level, _ in steps:
        time_ns, area = time_ns + length, area + length * level
        told += intervals.since([Measure("zone.occupancy", "shop", 0, time_ns, area / time_ns)])
    assert sum(m.value * (m.end_ns - m.start_ns) for m in told) - area < 1e-6 * max(1, area)


@pytest.mark.parametrize(("kind", "over"), [("zone.dwell", "visits"), ("queue.wait", "served")])
@given(steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 300)), min_size=1))
def test_means_over_people_add_up_to_that_of_all(
    kind: str, over: str, steps: list[tuple[int, int]]
) -> None:
    """A stay that goes on while nobody comes is not lost, and nobody is not somebody for 0 s."""
    intervals, count, seconds, told = Intervals(), 1, 5, []
    for minute, (came, stayed) in enumerate(steps, 1):
        count, seconds = count + came, seconds + stayed
        said = Measure(kind, "shop", 0, minute, seconds / count, data={over: count})
        told += intervals.since([said])
    assert sum(one.data[over] for one in told) == count
    assert sum(one.data["total"] for one in told) == pytest.approx(seconds, abs=1e-6)
    for one, (came, stayed) in zip(told[1:], steps[1:], strict=True):
        assert came == 0 or one.value == pytest.approx(stayed / came, abs=1e-6)


def test_only_the_interval_in_which_the_camera_was_blind_is_invalid() -> None:
    intervals, told = Intervals(), []
    for minute, share in ((1, 0.0), (2, 0.25), (3, 0.5 / 3), (4, 0.5 / 4)):
        data = {"direction": "in"} | ({"invalid": share} if share else {})
        end_ns = minute * 60 * 10**9
        told += intervals.since(
            [
                Measure("line.count", "door", 0, end_ns, minute, data=data),
                Measure("view.valid", "view", 0, end_ns, 1 - share),
            ]
        )
    counts = [one.data.get("invalid") for one in told if one.kind == "line.count"]
    assert counts == [None, pytest.approx(0.5), None, None]
    valid = [one.value for one in told if one.kind == "view.valid"]
    assert valid == pytest.approx([1, 0.5, 1, 1])


def test_a_damaged_state_counts_as_none() -> None:
    intervals = Intervals()
    intervals.restore({"x": 3})
    assert len(intervals.since([Measure("line.count", "door", 0, 5, 2)])) == 1


@given(st.lists(st.tuples(st.integers(1, 20), st.floats(0, 3), st.floats(0, 1)), min_size=1))
def test_doubts_of_intervals_add_up_to_that_of_all(
    steps: list[tuple[int, float, float]],
) -> None:
    intervals, time_ns, whole, told = Intervals(), 0, Doubt(), []
    for length, more, variance in steps:
        time_ns, whole = time_ns + length, whole + Doubt(more, variance, more / 50)
        data = {"direction": "in", **written(whole)}
        told += intervals.since([Measure("line.count", "door", 0, time_ns, 0, data=data)])
    parts = [read(measure.data["doubt"])[0] for measure in told]
    together = sum(parts, Doubt())
    assert together.expected == pytest.approx(whole.expected, abs=1e-4)
    assert together.variance == pytest.approx(whole.variance, abs=1e-4)
    assert together.common == pytest.approx(whole.common, abs=1e-4)
    for measure, part in zip(told, parts, strict=True):
        assert (measure.data["low"], measure.data["high"]) == part.counts()
