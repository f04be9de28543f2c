"""What a stream says of itself between its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Notice:
    """A change of state in its place between the pictures; a source makes an event of it."""

    kind: str
    data: dict[str, object] = field(default_factory=dict)


class Damage:
    """Sums damaged packets up, so that a bad stretch is told once a second and not per packet."""

    def __init__(self, time_base: Fraction | None) -> None:
        self._second = round(1 / time_base) if time_base else 0
        self._due: int | None = None
        self._untold = 0

    def notice(self, packets: int, pts: int) -> Iterator[Notice]:
        """Count `packets` at the stream's time `pts`; the notice, where one is due."""
        self._untold += packets
        if self._due is None or pts >= self._due:
            yield Notice("source.corrupt", {"packets": self._untold})
            self._due, self._untold = pts + self._second, 0
