"""Runs are the mask, whatever it looks like."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from sightline.results.masks import mask_of, resized, runs_of, stacked

masks = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12))


@given(masks)
def test_runs_give_the_mask_back(mask: NDArray[np.bool_]) -> None:
    runs = runs_of(mask)
    assert runs.sum() == mask.size
    assert (runs[1:] > 0).all()
    assert (mask_of(mask.shape, runs) == mask).all()


@pytest.mark.parametrize(
    ("mask", "runs"),
    [([[0, 0]], [2]), ([[1, 1]], [0, 2]), ([[0, 1], [1, 0]], [1, 2, 1]), ([[1], [0]], [0, 1, 1])],
)
def test_runs_begin_with_what_is_outside(mask: list[list[int]], runs: list[int]) -> None:
    assert runs_of(np.array(mask, bool)).tolist() == runs


@given(masks, st.integers(1, 4))
def test_a_whole_multiple_repeats_each_pixel(mask: NDArray[np.bool_], times: int) -> None:
    larger = resized(mask, (mask.shape[0] * times, mask.shape[1] * times))
    assert (larger == mask.repeat(times, 0).repeat(times, 1)).all()
    assert (resized(larger, mask.shape) == mask).all()


def test_a_stack_is_as_fine_as_its_finest() -> None:
    coarse, fine = np.array([[True, False]]), np.eye(4, dtype=bool)
    stack = stacked([coarse, None, fine])
    assert stack is not None
    assert stack.shape == (3, 4, 4)
    assert stack[0, :, :2].all()
    assert not stack[0, :, 2:].any()
    assert not stack[1].any()
    assert (stack[2] == fine).all()


def test_a_stack_of_nothing_is_none() -> None:
    assert stacked([None, None]) is None
