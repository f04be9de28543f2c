"""The blocks that int8 harms are found, whatever group they are in."""

from collections.abc import Sequence

import numpy as np
import pytest

from sightline.tuning.quantise.damage import Outputs, Trial, by_damage

REFERENCE: Outputs = [[np.array([[[0.0, 10.0], [1.0, 30.0]]])]]


def harmed(harm: dict[int, float]) -> Trial:
    def only(blocks: Sequence[int]) -> Outputs:
        shift = sum(harm.get(block, 0.0) for block in blocks)
        return [[tensor + shift for tensor in tensors] for tensors in REFERENCE]

    return only


@pytest.mark.parametrize("count", [3, 28, 113])
def test_worst_first(count: int) -> None:
    harm = {count - 1: 0.5, 0: 2.0, count // 2: 1.0}
    order = by_damage(count, REFERENCE, harmed(harm))
    assert order[:3] == [0, count // 2, count - 1]


def test_a_score_weighs_as_much_as_a_box() -> None:
    def only(blocks: Sequence[int]) -> Outputs:
        column = 0 if 1 in blocks else 1
        shift = np.zeros(2)
        shift[column] = 0.2 if column == 0 else 0.4
        return [[tensor + shift for tensor in tensors] for tensors in REFERENCE]

    # 0.2 is much for a score between 0 and 1, and 0.4 little for a place between 10 and 30.
    assert by_damage(2, REFERENCE, only) == [1, 0]


def test_an_output_that_is_no_number_is_the_worst() -> None:
    def only(blocks: Sequence[int]) -> Outputs:
        spoilt = np.nan if 2 in blocks else 0.1
        return [[tensor + spoilt for tensor in tensors] for tensors in REFERENCE]

    assert by_damage(4, REFERENCE, only)[0] == 2
