"""A memory of patches: what it holds is normal, what is far from it is not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.tuning.normal.bank import distances, remember


def pictures(count: int, seed: int = 0) -> list[NDArray[np.float32]]:
    """Each has 100 patches of two kinds, in 20 channels."""
    random = np.random.default_rng(seed)
    kinds = np.random.default_rng(99).standard_normal((2, 20)) * 5
    return [
        (kinds[random.integers(0, 2, 100)] + random.normal(0, 0.3, (100, 20))).astype(np.float32)
        for _ in range(count)
    ]


def test_distances_are_those_to_the_nearest() -> None:
    random = np.random.default_rng(1)
    patches, bank = (random.random((n, 7)).astype(np.float32) for n in (9000, 30))
    expected = np.linalg.norm(patches[:, None] - bank, axis=2).min(1)
    assert distances(patches, bank) == pytest.approx(expected, abs=1e-3)


def test_new_good_pictures_are_normal_and_others_are_not() -> None:
    memory = remember(pictures(12))
    assert len(memory.bank) <= 512

    def farthest(patches: NDArray[np.float32]) -> float:
        return float(distances(patches @ memory.weights + memory.bias, memory.bank).max())

    good = [farthest(patches) for patches in pictures(20, seed=7)]
    assert np.mean(np.array(good) <= memory.threshold) >= 0.9
    strange = pictures(1, seed=8)[0]
    strange[50] = -strange[50]
    assert farthest(strange) > 1.5 * memory.threshold


def test_the_same_pictures_give_the_same_memory() -> None:
    one, other = remember(pictures(5)), remember(pictures(5))
    assert one.threshold == other.threshold
    assert (one.bank == other.bank).all()


def test_pictures_that_do_not_differ_at_all() -> None:
    same = [np.ones((10, 20), np.float32)] * 4
    memory = remember(same)
    assert np.isfinite(memory.bank).all()
    assert memory.threshold > 0
