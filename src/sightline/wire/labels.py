"""Class names as numbers that keep their meaning, however many headers follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sightline.wire.messages import Header


class LabelIndex:
    """Grows with every name that it has not seen yet."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def learn(self, labels: Iterable[str]) -> bool:
        """Number these names; true where one of them was new."""
        before = len(self._numbers)
        for label in labels:
            self._numbers.setdefault(label, len(self._numbers))
        return len(self._numbers) > before

    def numbers(self, labels: Iterable[str]) -> NDArray[np.int32]:
        """The number of each name, all of which were learned."""
        return np.array([self._numbers[label] for label in labels], np.int32)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, in the order of the numbers."""
        return tuple(self._numbers)

    def applied(self, header: Header) -> Header:
        """The header whose labels these numbers index."""
        return replace(header, labels=self.names)
