"""Time as analytics count it: it never runs back, and a clock that is set does not pass it."""

from __future__ import annotations

from collections.abc import Callable

_NS = 1_000_000_000
_JUMP_NS = 60 * _NS  # no tracker keeps an identity unseen for so long


class Clock:
    """Seconds since the first picture, whatever happens to the camera's clock.

    Time that goes back counts as time that stands still, and so does a jump ahead across
    which somebody stayed in the picture: both mean that the clock was set.
    """

    def __init__(self) -> None:
        self.now_s = 0.0
        self._elapsed_ns = 0
        self._last_ns: int | None = None

    @property
    def begun(self) -> bool:
        """Whether there was a picture yet."""
        return self._last_ns is not None

    def advance(self, time_ns: int, stayed: Callable[[], bool] = lambda: False) -> None:
        """The time of the next picture. `stayed` tells whether it shows somebody of the last."""
        step = 0 if self._last_ns is None else time_ns - self._last_ns
        self._last_ns = time_ns
        if step > 0 and not (step > _JUMP_NS and stayed()):
            self._elapsed_ns += step
            self.now_s = self._elapsed_ns / _NS

    def time_ns(self, moment_s: float) -> int:
        """A moment of this clock as the camera's clock, as it is set now, would have it."""
        assert self._last_ns is not None
        return self._last_ns - round((self.now_s - moment_s) * _NS)
