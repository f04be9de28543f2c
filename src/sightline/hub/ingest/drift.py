"""Cameras whose clock runs away from the hub's, told by their health reports."""

from __future__ import annotations

from typing import NamedTuple

from sightline.wire.messages import Event

_WRONG_S, _RIGHT_S = 3.0, 1.5  # off by more is wrong; by less is right again
_REPORTS = 3  # in a row must agree: one may have been under way for long
_NS = 10**9


class _Clock(NamedTuple):
    """The last reports' seconds ahead of the hub (negative: behind, or under way for so long)."""

    ahead_s: tuple[float, ...] = ()
    wrong: bool = False

    def hear(self, ahead_s: float) -> _Clock:
        heard = (*self.ahead_s, ahead_s)[-_REPORTS:]
        off = abs(self._surely(heard))
        full = len(heard) == _REPORTS
        wrong = full and off > _WRONG_S if not self.wrong else off > _RIGHT_S
        return _Clock(heard, wrong)

    @property
    def off_s(self) -> float:
        """By how much it surely is ahead (or, negative, behind)."""
        return self._surely(self.ahead_s)

    def _surely(self, heard: tuple[float, ...]) -> float:
        least, most = min(heard), max(heard)
        return least if least > 0 else most if most < 0 else 0.0


class Drift:
    """`hear` each report; `wrong` cameras' values mean nothing by time.

    What a failed transaction taught is forgotten by `undo`; `begin` each one.
    """

    def __init__(self) -> None:
        self._clocks: dict[str, _Clock] = {}
        self._before: dict[str, _Clock | None] = {}

    def begin(self) -> None:
        """A transaction begins."""
        self._before.clear()

    def undo(self) -> None:
        """It failed."""
        for camera, before in self._before.items():
            if before is None:
                self._clocks.pop(camera, None)
            else:
                self._clocks[camera] = before
        self._before.clear()

    def hear(self, camera: str, time_ns: int, now_ns: int) -> Event | None:
        """What a report says that was sent at `time_ns` of the camera's clock: "view.clock" where
        that is wrong, "view.clear" where it is right again."""
        known = self._clocks.get(camera)
        self._before.setdefault(camera, known)
        before = known or _Clock()
        now = self._clocks[camera] = before.hear((time_ns - now_ns) / _NS)
        if now.wrong == before.wrong:
            return None
        data = {"ahead_s": round(now.off_s, 3)} if now.wrong else {"fault": "clock"}
        kind = "view.clock" if now.wrong else "view.clear"
        return Event(kind, now_ns, "view", camera, data={**data, "by": "hub"})

    def wrong(self, camera: str) -> bool:
        """Whether the camera's clock is wrong now."""
        known = self._clocks.get(camera)
        return known is not None and known.wrong
