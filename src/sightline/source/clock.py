"""When the pictures of a live stream were taken, on the clock of this machine."""

from __future__ import annotations

_SLACK = 200e-6  # how far apart two quartz clocks run, seconds a second
_TOO_FAR_NS = 1_000_000_000


class LiveClock:
    """Turns stamps and arrivals of pictures into nanoseconds since the Unix epoch.

    Networks deliver late, never early, so the shortest delay seen ties the camera's stamps to
    our clock, and pictures that arrive in a burst keep their true distances. Times always
    grow: where the wall clock is set back, they go on from where they were.
    """

    def __init__(self) -> None:
        self._offset: int | None = None
        self._seen = 0
        self._last = 0

    def at(self, wall_ns: int, media_ns: int | None) -> int:
        """The time of a picture that arrived at `wall_ns` with the stamp `media_ns`.

        Without a stamp the arrival is the best there is.
        """
        time_ns = wall_ns if media_ns is None else media_ns + self._tie(wall_ns, media_ns)
        self._last = max(time_ns, self._last + 1)
        return self._last

    def reconnected(self) -> None:
        """Stamps begin anew."""
        self._offset = None

    def _tie(self, wall_ns: int, media_ns: int) -> int:
        delay = wall_ns - media_ns
        if self._offset is None or abs(delay - self._offset) > _TOO_FAR_NS:
            self._offset = delay
        else:
            slack = int(max(0, wall_ns - self._seen) * _SLACK)
            self._offset = min(self._offset + slack, delay)
        self._seen = wall_ns
        return self._offset
