"""As few float layers as keep the loss within the bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.tuning.quantise.choice import Choice, fewest_float


@pytest.mark.parametrize(
    ("losses", "bound", "left", "kept"),
    [
        ({0: 0.005}, 0.01, 0, True),
        ({0: 0.7, 1: 0.4, 2: 0.02, 3: 0.009}, 0.01, 3, True),
        # No number keeps the bound: the smallest that is nearly as good as the best.
        ({0: 0.7, 1: 0.03, 2: 0.029, 3: 0.031, 4: 0.028}, 0.01, 1, False),
    ],
)
def test_known_losses(losses: dict[int, float], bound: float, left: int, kept: bool) -> None:
    done = fewest_float(40, 100, losses.__getitem__, bound)
    assert done == Choice(left, losses[left], kept)


@given(st.lists(st.floats(0, 1), min_size=100, max_size=100), st.floats(0.001, 0.2))
def test_the_bound_is_kept_where_it_says_so(losses: list[float], bound: float) -> None:
    tried: list[int] = []

    def loss_of(left: int) -> float:
        tried.append(left)
        return losses[left]

    done = fewest_float(100, 100, loss_of, bound)
    assert done.left in tried
    assert done.loss == losses[done.left]
    assert done.kept == (done.loss <= bound)
    assert max(tried) <= 25
    assert done.loss <= min(losses[left] for left in tried) + bound
