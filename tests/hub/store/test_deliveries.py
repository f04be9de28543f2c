"""Each number counts once, in whatever order; what is missing is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import InputError
from sightline.hub.store.deliveries import Deliveries, Verdict

numbers = st.lists(st.integers(0, 40), max_size=80)


@given(numbers)
def test_each_number_counts_once_and_holes_are_the_rest(sequence: list[int]) -> None:
    deliveries = Deliveries()
    verdicts = [deliveries.take(number) for number in sequence]
    counted = [n for n, v in zip(sequence, verdicts, strict=True) if v is not Verdict.DUPLICATE]
    assert sorted(counted) == sorted(set(sequence))
    missing = [n for first, last, _ in deliveries.gaps for n in range(first, last + 1)]
    assert missing == [n for n in range(max(sequence, default=-1)) if n not in set(sequence)]
    assert deliveries.next == max(sequence, default=-1) + 1


@given(numbers, st.integers(0, 40), st.integers(0, 40))
def test_giving_up_marks_what_is_missing_and_nothing_else(
    sequence: list[int], first: int, last: int
) -> None:
    deliveries = Deliveries()
    for number in sequence:
        deliveries.take(number)
    before = [n for a, b, _ in deliveries.gaps for n in range(a, b + 1)]
    deliveries.give_up(first, last)
    after = {n: lost for a, b, lost in deliveries.gaps for n in range(a, b + 1)}
    assert list(after) == before
    assert {n for n, lost in after.items() if lost} == {n for n in before if first <= n <= last}


@given(numbers, numbers)
def test_what_was_saved_goes_on_the_same(early: list[int], late: list[int]) -> None:
    whole = Deliveries()
    for number in early:
        whole.take(number)
    restored = Deliveries(whole.next, list(whole.gaps))
    assert [whole.take(n) for n in late] == [restored.take(n) for n in late]


def test_numbers_that_no_fault_makes_are_refused() -> None:
    deliveries = Deliveries()
    for number in range(1, 2000, 2):
        deliveries.take(number)
    with pytest.raises(InputError, match="holes"):
        deliveries.take(2001)
    assert deliveries.take(deliveries.next) is Verdict.NEW
