"""The analytics that a configuration asks for, and their numbers by name."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, TypeAlias

from sightline.analytics.dwell import Dwell
from sightline.analytics.line import Line
from sightline.analytics.people import People, PeopleConfig
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone
from sightline.twin.config import CameraConfig

Question: TypeAlias = Line | Zone | People
Counts: TypeAlias = dict[str, dict[str, dict[str, float]]]

_KINDS: dict[str, type[Any]] = {"lines": Line, "zones": Zone, "dwell": Dwell, "people": People}


def questions(
    config: CameraConfig, labels: Sequence[str], aspect: float, *, exact: bool = False
) -> list[Question]:
    """The analytics of one camera; they share one roster of who is in the picture.

    aspect  width / height of the picture
    exact   believe every box and identity: no hysteresis, and nothing is mended
    """
    roster = Roster(aspect, memory_s=inf, mend=False) if exact else Roster(aspect)
    return [
        analytic(_exact(asked) if exact else asked, labels, aspect, roster)
        for kind, analytic in _KINDS.items()
        for asked in getattr(config, kind)
    ]


def counts(asked: Sequence[Question]) -> Counts:
    """{"lines": {NAME: {"in": 3, "out": 2}}, "zones": {NAME: {"entries": 1, ...}}, ...}"""
    found: Counts = {kind: {} for kind in _KINDS}
    kind_of = {analytic: kind for kind, analytic in _KINDS.items()}
    for one in asked:
        found[kind_of[type(one)]][one.config.name] = one.summary()
    return found


def _exact(asked: Any) -> Any:
    if isinstance(asked, PeopleConfig):
        return asked.model_copy(update={"entrances": tuple(map(_exact, asked.entrances))})
    return asked.model_copy(update={"hysteresis": 0.0})
