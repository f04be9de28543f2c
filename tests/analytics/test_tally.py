"""Counts by name with what they rest on."""

import json

import pytest

from sightline.analytics.doubt import read
from sightline.analytics.evidence import COMMON, TABLE
from sightline.analytics.tally import Tally


def told(exact: bool = False) -> Tally:
    tally = Tally("trips", exact)
    for what, kind in (("a>b", "clear"), ("a>b", "torn"), ("b>a", "clear"), ("a>b", "clear")):
        tally.add(what, kind)
    return tally


def test_each_rests_on_its_own_pieces() -> None:
    doubts = told().doubts()
    weight = TABLE["trips"]["torn"].weight
    assert doubts["a>b"].expected == pytest.approx(2 * TABLE["trips"]["clear"].weight + weight)
    assert doubts["b>a"].variance == TABLE["trips"]["clear"].variance
    assert doubts["b>a"].common == pytest.approx(COMMON["trips"] * doubts["b>a"].expected)


def test_loose_pieces_are_shared_out_by_how_often_each_was_counted() -> None:
    plain, loose = told(), told()
    for _ in range(8):
        loose.add_loose("loose")
    more = {what: one.expected - plain.doubts()[what].expected for what, one in
            loose.doubts().items()}  # fmt: skip
    assert more["a>b"] == pytest.approx(3 * more["b>a"])
    assert sum(more.values()) == pytest.approx(8 * TABLE["trips"]["loose"].weight)


def test_loose_pieces_of_nothing_are_nothing() -> None:
    tally = Tally("trips", False)
    tally.add_loose("loose")
    assert tally.bounds() == {}


def test_measures_carry_what_adds_up() -> None:
    tally = told()
    one, other = tally.measures("paths.count", "ways", (3, 9))
    assert (one.kind, one.name, one.start_ns, one.end_ns) == ("paths.count", "ways", 3, 9)
    assert (one.value, one.data["direction"]) == (3, "a>b")
    assert (other.value, other.data["direction"]) == (1, "b>a")
    assert read(one.data["doubt"])[0].expected == pytest.approx(tally.doubts()["a>b"].expected)
    assert (one.data["low"], one.data["high"]) == tally.bounds()["a>b"]


def test_what_is_exact_is_not_doubted() -> None:
    assert all(one.spread == 0 for one in told(exact=True).doubts().values())


def test_it_outlives_a_restart_and_reads_counts_that_were_kept_alone() -> None:
    tally, again, counts = told(), Tally("trips", False), Tally("trips", False)
    tally.add_loose("loose")
    again.restore(json.loads(json.dumps(tally.state())), {})
    assert again.doubts() == tally.doubts()
    assert again.measures("k", "n", (0, 1)) == tally.measures("k", "n", (0, 1))
    counts.restore(None, {"a>b": 3, "b>a": 0})
    assert [m.value for m in counts.measures("k", "n", (0, 1))] == [3]
