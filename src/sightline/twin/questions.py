"""The analytics that a configuration asks for, and their numbers by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Any, TypeAlias

from pydantic import BaseModel

from sightline.analytics.crowd import Crowd
from sightline.analytics.distance import Distance
from sightline.analytics.dwell import Dwell
from sightline.analytics.hazard import Hazard
from sightline.analytics.heat import Heat
from sightline.analytics.keeping import State
from sightline.analytics.left import Left
from sightline.analytics.line import Line
from sightline.analytics.paths import Paths
from sightline.analytics.people import People
from sightline.analytics.queue import Queue
from sightline.analytics.roster import Roster
from sightline.analytics.rules.watch import RuleWatch, Summaries
from sightline.analytics.shelf import Shelf
from sightline.analytics.speed import Speed
from sightline.analytics.view import View
from sightline.analytics.zone import Zone
from sightline.twin.config import CameraConfig

Question: TypeAlias = (
    Line | Zone | People | Paths | Heat | Distance | Speed | Hazard | Left | Shelf | View
    | RuleWatch
)  # fmt: skip
Counts: TypeAlias = dict[str, dict[str, dict[str, float]]]
Intervals: TypeAlias = dict[str, dict[str, dict[str, tuple[float, float]]]]

_KINDS: dict[str, type[Any]] = {
    "lines": Line,
    "zones": Zone,
    "dwell": Dwell,
    "people": People,
    "queues": Queue,
    "paths": Paths,
    "heatmaps": Heat,
    "distances": Distance,
    "crowds": Crowd,
    "speeds": Speed,
    "hazards": Hazard,
    "left": Left,
    "shelves": Shelf,
}
_KIND_OF = {analytic: kind for kind, analytic in _KINDS.items()} | {
    View: "view",
    RuleWatch: "rules",
}

_VERSION = 1  # of the states; raised when an old one would be misread
_DAMAGE = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError)


def questions(
    config: CameraConfig,
    labels: Sequence[str],
    aspect: float,
    *,
    exact: bool = False,
    memory_s: float = 2.0,
) -> list[Question]:
    """The analytics of one camera; they share one roster of who is in the picture.

    aspect  width / height of the picture
    exact   believe every box and identity: no hysteresis, and nothing is mended
    memory_s  for how long who is not seen is still the same; longer where tracks say so themselves
    """
    roster = Roster(aspect, memory_s=inf, mend=False) if exact else Roster(aspect, memory_s)
    roster.labels = labels
    roster.ground = config.ground.ground() if config.ground else None
    config = config.placed()
    places = [
        analytic(_exact(asked) if exact else asked, labels, aspect, roster)
        for kind, analytic in _KINDS.items()
        for asked in getattr(config, kind)
    ]
    view = [View(config.view, labels, aspect, roster)] if config.view.watch else []
    return [*view, *places, *_rules(config, places, roster)]


def _rules(config: CameraConfig, places: Sequence[Question], roster: Roster) -> list[Question]:
    """The rules about these analytics. Raises ConfigError for one that names what is not there."""
    if not config.rules:
        return []
    by_kind: dict[str, dict[str, Question]] = {}
    for one in places:
        by_kind.setdefault(_KIND_OF[type(one)], {})[one.config.name] = one
    fields = {
        kind: frozenset(key for one in named.values() for key in one.summary())
        for kind, named in by_kind.items()
    }
    names = replace(config.rule_names(), fields=fields)
    numbers = {
        kind: Summaries({name: one.summary for name, one in named.items()})
        for kind, named in by_kind.items()
    }
    return [RuleWatch(asked, names, numbers, roster) for asked in config.rules]


def counts(asked: Sequence[Question]) -> Counts:
    """{"lines": {NAME: {"in": 3, "out": 2}}, "zones": {NAME: {"entries": 1, ...}}, ...}"""
    found: Counts = {kind: {} for kind in (*_KINDS, "view", "rules")}
    for one in asked:
        summary = one.summary()
        if summary:
            found[_KIND_OF[type(one)]][one.config.name] = summary
    return found


def bounds(asked: Sequence[Question]) -> Intervals:
    """Between what the numbers truly are, in 95 of 100 cases: as `counts`, with low and high."""
    found: Intervals = {}
    for one in asked:
        if isinstance(one, Line | Zone | People | Paths | Hazard | Shelf):
            named = found.setdefault(_KIND_OF[type(one)], {})
            named[one.config.name] = {
                what: (round(low, 4), round(high, 4)) for what, (low, high) in one.bounds().items()
            }
    return found


def state_of(asked: Sequence[Question]) -> State:
    """All that they remember, as plain JSON values: for `restore`, after a restart."""
    if not asked:
        return {"version": _VERSION, "roster": None, "analytics": []}
    return {
        "version": _VERSION,
        "roster": asked[0].roster.state(),
        "analytics": [
            {
                "kind": _KIND_OF[type(one)],
                "config": _config_of(one),
                "state": one.state(),
            }
            for one in asked
        ],
    }


def _config_of(one: Question) -> State:
    return {"name": one.config.name, **_unaudited(one.config.model_dump(mode="json"))}


def _unaudited(config: State) -> State:
    """Who counts the same things by hand changes nothing of what is counted."""
    inner = {
        key: [_unaudited(part) if isinstance(part, dict) else part for part in value]
        for key, value in config.items()
        if isinstance(value, list)
    }
    return {key: value for key, value in (config | inner).items() if key != "audits"}


def restore(asked: Sequence[Question], state: State, *, same_tracks: bool = False) -> list[str]:
    """Let new analytics go on where those of `state_of` stopped, before the first picture.

    same_tracks  identities go on as well, as in a recording that is read on; else they begin
                 anew, and who stands where somebody stood is the same person
    Returns in words which of them begin anew: those whose configuration has changed or that are
    new, and all of them where the state is of another version or damaged. The others go on.
    """
    if not asked:
        return []
    before = _before(asked[0].roster, state, same_tracks)
    dropped = []
    for one in asked:
        kind, config = _KIND_OF[type(one)], _config_of(one)
        kept = before.get((kind, one.config.name))
        if kept is None or kept["config"] != config:
            if isinstance(one, View):  # what it knows of the view is learned anew anyhow
                continue
            dropped.append(f"{kind} {one.config.name}: {'is new' if kept is None else 'changed'}")
            continue
        untouched = one.state()
        try:
            one.restore(kept["state"])
        except _DAMAGE as error:
            one.restore(untouched)
            dropped.append(f"{kind} {one.config.name}: its state is damaged: {error}")
    return dropped


def _before(roster: Roster, state: State, same_tracks: bool) -> dict[tuple[str, str], State]:
    """The states by kind and name; none where not even the roster can be restored."""
    try:
        if state["version"] != _VERSION or state["roster"] is None:
            return {}
        kept = {(one["kind"], one["config"]["name"]): one for one in state["analytics"]}
        roster.restore(state["roster"], same_tracks)
    except _DAMAGE:
        return {}
    return kept


def _exact(asked: Any) -> Any:
    """Without hysteresis, in what it is made of too."""
    changed: dict[str, Any] = {}
    for name in type(asked).model_fields:
        value = getattr(asked, name)
        if name == "hysteresis":
            changed[name] = 0.0
        elif isinstance(value, tuple) and any(isinstance(part, BaseModel) for part in value):
            changed[name] = tuple(map(_exact, value))
    return asked.model_copy(update=changed)
