"""Errors add up in whatever order, and the interval is where such numbers are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.analytics.audit import AuditConfig, audited
from sightline.analytics.doubt import Doubt, read, written
from sightline.analytics.evidence import COMMON, TABLE, Evidence

numbers = st.floats(0, 1e4, allow_nan=False)
doubts = st.builds(Doubt, numbers, numbers, numbers)


def near(one: Doubt) -> object:
    return pytest.approx((one.expected, one.variance, one.common), rel=1e-9, abs=1e-6)


def parts(one: Doubt) -> tuple[float, float, float]:
    return one.expected, one.variance, one.common


@given(doubts, doubts, doubts)
def test_adding_up_minutes_in_any_order_and_taking_them_away_again(
    a: Doubt, b: Doubt, c: Doubt
) -> None:
    assert parts(a + b + c) == near(c + (b + a))
    assert parts(a + b - b) == near(a)


@given(doubts, doubts)
def test_cameras_together_are_surer_than_one_that_saw_as_much(a: Doubt, b: Doubt) -> None:
    assert a.beside(b).spread <= (a + b).spread + 1e-6
    assert parts(a.beside(b)) == near(b.beside(a))


@given(doubts)
def test_the_expected_value_lies_within_and_no_count_is_negative(doubt: Doubt) -> None:
    low, high = doubt.bounds()
    assert 0 <= low <= doubt.expected + 1e-9
    counted = doubt.counts()
    assert counted.low == int(counted.low) >= 0
    assert counted.high == int(counted.high)
    # A gamma distribution that is nearly all zeros has nearly all of itself below its mean.
    if doubt.spread <= doubt.expected:
        assert high >= doubt.expected - 1e-9


@given(numbers, st.floats(0, 50), st.floats(0, 50))
def test_more_doubt_is_a_wider_interval(expected: float, less: float, more: float) -> None:
    less, more = sorted([less, less + more])
    if more * more > expected:  # the gamma distribution bends where it has hardly a mean
        return
    one, other = Doubt(expected, less).bounds(), Doubt(expected, more).bounds()
    assert other.low <= one.low + 1e-9
    assert one.high <= other.high + 1e-9


def test_the_interval_holds_95_of_100_of_a_gamma_distribution() -> None:
    for mean, variance in ((3.0, 2.0), (12.0, 9.0), (200.0, 900.0)):
        drawn = np.random.default_rng(1).gamma(mean**2 / variance, variance / mean, 40_000)
        low, high = Doubt(mean, variance).bounds()
        assert ((drawn >= low) & (drawn <= high)).mean() == pytest.approx(0.95, abs=0.005)


def test_the_interval_of_a_mean_is_that_of_one_number_by_another() -> None:
    rng = np.random.default_rng(2)
    over, by = Doubt(600.0, 400.0), Doubt(30.0, 4.0)
    drawn = rng.normal(600, 20, 40_000) / rng.normal(30, 2, 40_000)
    low, high = over.over(by)
    assert ((drawn >= low) & (drawn <= high)).mean() == pytest.approx(0.95, abs=0.01)


def test_nothing_seen_is_a_mean_of_nothing() -> None:
    assert Doubt().over(Doubt()) == (0, 0)
    assert Doubt().counts() == (0, 0)


@given(doubts, doubts)
def test_what_a_measure_carries_is_read_again(over: Doubt, by: Doubt) -> None:
    assert [parts(one) for one in read(written(over)["doubt"])] == [near(over)]
    assert [parts(one) for one in read(written(over, by)["doubt"])] == [near(over), near(by)]


audits = st.lists(
    st.builds(
        AuditConfig,
        of=st.just("in"),
        counted=st.integers(0, 200).map(float),
        expected=st.floats(0.5, 200),
        variance=st.floats(0, 20),
    ),
    max_size=5,
)


@given(audits, st.randoms())
def test_audits_may_come_in_any_order(found: list[AuditConfig], random: object) -> None:
    doubt, mixed = Doubt(100.0, 4.0), list(found)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert parts(audited(doubt, 0.05, found)) == near(audited(doubt, 0.05, mixed))


def test_an_audit_moves_the_count_towards_what_was_counted_and_makes_it_surer() -> None:
    doubt = Doubt(100.0, 4.0)
    before = audited(doubt, 0.1, [])
    assert parts(before) == near(Doubt(100.0, 4.0, 10.0))
    one = AuditConfig(of="in", counted=80, expected=100, variance=4)
    after = audited(doubt, 0.1, [one])
    assert 80 < after.expected < 100
    assert after.common < before.common
    assert after.counts().low <= 80
    more = audited(doubt, 0.1, [one] * 20)
    assert more.expected == pytest.approx(80, abs=1)
    assert more.common < after.common


def test_a_place_that_is_far_off_is_believed_to_be_after_one_audit() -> None:
    half = AuditConfig(of="in", counted=10, expected=20, variance=2)
    after = audited(Doubt(100.0, 4.0), 0.04, [half])
    assert 45 < after.expected < 60
    low, high = after.counts()
    assert low < 50 < high


def test_audits_that_agree_leave_the_count_and_make_it_surer() -> None:
    agree = AuditConfig(of="in", counted=100, expected=100, variance=4)
    doubt = audited(Doubt(50.0, 2.0), 0.1, [agree])
    assert doubt.expected == pytest.approx(50)
    assert doubt.common < 0.1 * 50


def test_whose_tracks_are_ground_truth_is_not_doubted() -> None:
    exact = Evidence("line", exact=True)
    exact.add("clear", 7)
    assert exact.doubt() == Doubt(7.0)


@pytest.mark.parametrize("of", list(TABLE))
def test_every_kind_of_evidence_has_a_weight_and_a_variance(of: str) -> None:
    assert 0 < COMMON[of] < 0.3  # type: ignore[index]
    for weight, variance in TABLE[of].values():  # type: ignore[index]
        assert 0 <= weight <= 20
        assert variance >= 0
