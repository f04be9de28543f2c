"""When the pictures of a recording were taken, and which of them a lower rate lets through."""

from __future__ import annotations

from fractions import Fraction


def nanoseconds(pts: int, time_base: Fraction) -> int:
    """A stamp in nanoseconds; whole numbers, because a Fraction costs ten times as much."""
    return pts * time_base.numerator * 1_000_000_000 // time_base.denominator


class Timeline:
    """Stamps of a container to nanoseconds since the first picture, always growing.

    A picture without a stamp, or with one that goes back, is put one frame time after
    the one before it.
    """

    def __init__(self, time_base: Fraction | None, fps: float) -> None:
        self._unit = time_base
        self._step = round(1e9 / fps)
        self._first: int | None = None
        self._last = -self._step

    def at(self, pts: int | None) -> int:
        """Nanoseconds for the next picture, which bears the stamp `pts`."""
        time_ns = self._last + self._step
        if pts is not None and self._unit is not None:
            stamp = nanoseconds(pts, self._unit)
            if self._first is None:
                self._first = stamp - time_ns
            if stamp - self._first > self._last:
                time_ns = stamp - self._first
        self._last = time_ns
        return time_ns


class Thinning:
    """Lets at most `fps` pictures a second through, by their time and on a fixed grid."""

    def __init__(self, fps: float | None) -> None:
        self._fps = fps
        self._slot: int | None = None

    def takes(self, time_ns: int) -> bool:
        """Whether the picture of this instant goes on."""
        if self._fps is None:
            return True
        slot = int(time_ns * self._fps / 1e9 + 1e-6)
        if slot == self._slot:
            return False
        self._slot = slot
        return True
