"""Time as analytics count it: it never runs back, and a clock that is set does not pass it."""

from __future__ import annotations

_NS = 1_000_000_000


class Clock:
    """Seconds since the first picture, whatever happens to the camera's clock.

    Time that goes back counts as time that stands still.
    """

    def __init__(self) -> None:
        self.now_s = 0.0
        self._elapsed_ns = 0
        self._last_ns: int | None = None

    @property
    def begun(self) -> bool:
        """Whether there was a picture yet."""
        return self._last_ns is not None

    def advance(self, time_ns: int) -> None:
        """The time of the next picture."""
        if self._last_ns is not None and time_ns > self._last_ns:
            self._elapsed_ns += time_ns - self._last_ns
            self.now_s = self._elapsed_ns / _NS
        self._last_ns = time_ns

    def time_ns(self, moment_s: float) -> int:
        """A moment of this clock as the camera's clock, as it is set now, would have it."""
        assert self._last_ns is not None
        return self._last_ns - round((self.now_s - moment_s) * _NS)
