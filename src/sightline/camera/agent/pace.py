"""How often what a camera sees is stored and sent: more often while somebody looks on."""

from __future__ import annotations

import time
from collections.abc import Callable

from sightline.wire.control import Watch

_OFTENEST_S = 0.02
_LONGEST_S = 60.0
_SLACK = 0.9  # pictures do not come to the millisecond


class Pace:
    """Told by the asyncio side, asked by the thread as well: its one field is replaced whole.

    Whatever it is told, it goes back to what is configured within a minute.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._watched = (0.0, 0.0)  # how often, and until when

    def watch(self, watch: Watch) -> None:
        """Somebody looks on. The newest word counts."""
        until = self._now() + min(watch.for_s, _LONGEST_S)
        self._watched = (_SLACK * max(watch.every_s, _OFTENEST_S), until)

    @property
    def watched(self) -> bool:
        """Whether somebody looks on now."""
        return self._now() < self._watched[1]

    def every_s(self, usual_s: float) -> float:
        """Seconds from one time to the next, where it is usually `usual_s`."""
        return min(usual_s, self._watched[0]) if self.watched else usual_s
