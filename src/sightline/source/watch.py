"""Is a live stream alive, frozen, or running away? Without clock or thread of its own."""

from __future__ import annotations

from typing import Literal

_LEAST_STALL_S = 2.0
_RUNAWAY_FACTOR = 2.5
_RUNAWAY_FPS = 60.0  # cameras that promise 5 and send 25 are wrong, not broken
_BURST_S = 3.0  # servers send the pictures since the last keyframe at once to whoever joins
_WINDOW_S = 2.0


class Watchdog:
    """Tells once when nothing has come for too long, and once when it comes again."""

    def __init__(self, stall_s: float | None) -> None:
        self._stall_s = stall_s
        self._limit: float | None = None
        self._stalled_since: float | None = None
        self._heard = 0.0

    @property
    def limit(self) -> float | None:
        """Seconds without a sign of life that count as a stall; None while not connected."""
        return self._limit

    def connected(self, fps: float, now: float) -> None:
        """Begin to watch a stream that promises `fps`."""
        self._limit = self._stall_s or max(2 / fps, _LEAST_STALL_S)
        self._heard = now
        self._stalled_since = None

    def lost(self) -> None:
        """Cease to watch: there is no connection that could stall."""
        self._limit = self._stalled_since = None

    def look(self, heard: float, now: float) -> tuple[Literal["stalled", "resumed"], float] | None:
        """What has changed, given when the last sign of life came; with seconds of silence."""
        silent_since, self._heard = self._heard, max(heard, self._heard)
        if self._limit is None:
            return None
        if self._stalled_since is not None:
            if self._heard <= self._stalled_since:
                return None
            since, self._stalled_since = self._stalled_since, None
            return "resumed", self._heard - since
        if now - self._heard < self._limit:
            return None
        self._stalled_since = max(silent_since, self._heard)
        return "stalled", now - self._heard

    def patience(self, now: float) -> float | None:
        """Seconds until `look` is due; None while there is nothing to wait for."""
        if self._limit is None or self._stalled_since is not None:
            return None
        return max(0.0, self._heard + self._limit - now)


class Speedometer:
    """Tells once a connection when far more pictures come than were promised."""

    def __init__(self, fps: float, now: float) -> None:
        self._limit = max(_RUNAWAY_FACTOR * fps, _RUNAWAY_FPS)
        self._since = now + _BURST_S
        self._count = 0
        self._told = False

    def picture(self, now: float) -> float | None:
        """Count one picture; the rate where it has just been found to run away."""
        if self._told or now < self._since:
            return None
        self._count += 1
        elapsed = now - self._since
        if elapsed < _WINDOW_S:
            return None
        rate = self._count / elapsed
        self._since, self._count = now, 0
        self._told = rate > self._limit
        return rate if self._told else None
