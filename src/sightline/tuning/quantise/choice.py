"""How many of the worst layers stay float: as few as keep the loss within the bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

_STEPS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48)
_MOST = 1 / 4  # of the layers; a network that is mostly float is no int8 network
_PATIENCE = 2  # so many steps in vain, and more float will not help


@dataclass(frozen=True, slots=True)
class Choice:
    """`left` blocks stay float, which costs `loss`; `kept` says whether that is in the bound."""

    left: int
    loss: float
    kept: bool


def fewest_float(
    candidates: int, layers: int, loss_of: Callable[[int], float], bound: float
) -> Choice:
    """The smallest number of blocks left float with a loss within `bound`.

    loss_of  the loss with the so many worst ones left float
    Where no number keeps the bound: the smallest that comes within it of the best.
    """
    most = min(candidates, max(1, int(layers * _MOST)))
    losses: dict[int, float] = {}
    for left in takewhile(lambda step: step <= most, _STEPS):
        losses[left] = loss_of(left)
        if losses[left] <= bound:
            return Choice(left, losses[left], kept=True)
        last = list(losses.values())
        if len(last) > _PATIENCE and min(last[-_PATIENCE:]) > min(last[:-_PATIENCE]) - bound / 2:
            break
    near = min(losses.values()) + bound
    left = min(step for step, loss in losses.items() if loss <= near)
    return Choice(left, losses[left], kept=False)
