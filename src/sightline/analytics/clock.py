"""Time as analytics count it: it never runs back, and a clock that is set does not pass it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.keeping import State

_NS = 1_000_000_000
LONG_S = 60  # no tracker keeps an identity unseen for so long
JUMP_NS = LONG_S * _NS


class Clock:
    """Seconds since the first picture, whatever happens to the camera's clock.

    Time that goes back counts as time that stands still, and so does a jump ahead across
    which somebody stayed in the picture: both mean that the clock was set.
    """

    def __init__(self) -> None:
        self.now_s = 0.0
        self._elapsed_ns = 0
        self._last_ns: int | None = None

    def state(self) -> State:
        """For `restore`, as plain JSON values."""
        return {"elapsed_ns": self._elapsed_ns, "last_ns": self._last_ns}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        elapsed, last = state["elapsed_ns"], state["last_ns"]
        self._elapsed_ns, self._last_ns = int(elapsed), None if last is None else int(last)
        self.now_s = self._elapsed_ns / _NS

    def resume(self, time_ns: int) -> float:
        """The next picture comes after a restart; the seconds since the last one before it.

        They pass on this clock as well, unless they are more than a minute: nobody was
        watched meanwhile, and no mean should be thinned by it.
        """
        gap = 0 if self._last_ns is None else time_ns - self._last_ns
        if gap > JUMP_NS:
            self._last_ns = time_ns
        return gap / _NS

    @property
    def begun(self) -> bool:
        """Whether there was a picture yet."""
        return self._last_ns is not None

    def advance(self, time_ns: int, stayed: Callable[[], bool] = lambda: False) -> None:
        """The time of the next picture. `stayed` tells whether it shows somebody of the last."""
        step = 0 if self._last_ns is None else time_ns - self._last_ns
        self._last_ns = time_ns
        if step > 0 and not (step > JUMP_NS and stayed()):
            self._elapsed_ns += step
            self.now_s = self._elapsed_ns / _NS

    def ahead(self, times: NDArray[np.int64]) -> tuple[list[int], NDArray[np.float64]]:
        """For the next pictures, none of which jumps ahead: what `show` needs, and `now_s`."""
        last = int(times[0]) if self._last_ns is None else self._last_ns
        steps = np.maximum(np.diff(times, prepend=last), 0)
        elapsed_ns: list[int] = (self._elapsed_ns + np.cumsum(steps)).tolist()
        return elapsed_ns, np.array([elapsed / _NS for elapsed in elapsed_ns], np.float64)

    def show(self, time_ns: int, elapsed_ns: int) -> None:
        """It is the time of this picture, of those that `ahead` was asked about."""
        self._last_ns, self._elapsed_ns, self.now_s = time_ns, elapsed_ns, elapsed_ns / _NS

    @property
    def span(self) -> tuple[int, int]:
        """When the first picture and the newest were taken, in nanoseconds."""
        return self.time_ns(0.0), self.time_ns(self.now_s)

    def time_ns(self, moment_s: float) -> int:
        """A moment of this clock as the camera's clock, as it is set now, would have it."""
        assert self._last_ns is not None
        return self._last_ns - round((self.now_s - moment_s) * _NS)
