"""The analytics that a configuration asks for, and their numbers by name."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import TypeAlias

from sightline.analytics.line import Line
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone
from sightline.camera.config import CameraConfig

Question: TypeAlias = Line | Zone
Counts: TypeAlias = dict[str, dict[str, dict[str, float]]]


def questions(
    config: CameraConfig, labels: Sequence[str], aspect: float, *, exact: bool = False
) -> list[Question]:
    """The lines and zones of one camera; they share one roster of who is in the picture.

    aspect  width / height of the picture
    exact   believe every box and identity: no hysteresis, and nothing is mended
    """
    roster = Roster(aspect, memory_s=inf, mend=False) if exact else Roster(aspect)
    plain = {"hysteresis": 0.0} if exact else {}
    return [
        *(Line(line.model_copy(update=plain), labels, aspect, roster) for line in config.lines),
        *(Zone(zone.model_copy(update=plain), labels, aspect, roster) for zone in config.zones),
    ]


def counts(asked: Sequence[Question]) -> Counts:
    """{"lines": {NAME: {"in": 3, "out": 2}}, "zones": {NAME: {"entries": 1, ...}}}"""
    found: Counts = {"lines": {}, "zones": {}}
    for one in asked:
        kind = "lines" if isinstance(one, Line) else "zones"
        found[kind][one.config.name] = one.summary()
    return found
