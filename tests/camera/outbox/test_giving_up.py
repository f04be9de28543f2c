"""What goes first where an outbox is full."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sightline.camera.outbox.giving_up import RANKS, Bounds, Held, cuts

HELD = st.fixed_dictionaries(
    {rank: st.builds(Held, st.integers(0, 10_000), st.just(1)) for rank in RANKS}
)


@given(HELD, st.integers(1, 20_000))
def test_enough_goes_and_no_rank_before_a_lesser_one_is_gone(held, bound: int) -> None:
    found = cuts(held, Bounds(bound, 1e9))
    total = sum(item.bytes for item in held.values())
    if total <= bound:
        assert found == []
        return
    gone = {cut.rank: cut.bytes for cut in found}
    assert total - sum(gone.values()) <= bound
    for before, after in pairwise(RANKS):
        if gone.get(after):
            assert gone.get(before, 0) == held[before].bytes


def test_what_waited_too_long_goes_whatever_its_rank() -> None:
    held = {"frames": Held(10, 1, 5.0), "events": Held(10, 1, 50.0)}
    found = cuts(held, Bounds(100, 10.0))  # type: ignore[arg-type]
    assert [(cut.rank, cut.older_than_s) for cut in found] == [("events", 10.0)]
