"""What happens in a world, written down with exact times as it happens."""

from __future__ import annotations

from typing import Any

from sightline.source.rendering.motion import STEP_S

BEFORE_STEPS = 700  # a world is this old at the first picture, so that it is not empty

_STEP_NS = round(STEP_S * 1e9)


class Chronicle:
    """Events of a world, and the count of its steps.

    Told in the words of the analytics (kind, name, track, data), so that what these find can
    be held against what happened.
    """

    def __init__(self) -> None:
        self.steps = 0
        self._untold: list[dict[str, Any]] = []

    @property
    def now_s(self) -> float:
        """Seconds since the first picture; negative before it."""
        return (self.steps - BEFORE_STEPS) * STEP_S

    def tell(self, kind: str, name: str = "", track: int | None = None, **data: Any) -> None:
        """It happens now. What happens before the first picture is not told."""
        if self.steps < BEFORE_STEPS:
            return
        event: dict[str, Any] = {
            "kind": kind,
            "time_ns": (self.steps - BEFORE_STEPS) * _STEP_NS,
            "name": name,
        }
        if track is not None:
            event["track"] = track
        if data:
            event["data"] = data
        self._untold.append(event)

    def told(self) -> list[dict[str, Any]]:
        """What has happened since this was asked last, in order."""
        untold, self._untold = self._untold, []
        return untold
