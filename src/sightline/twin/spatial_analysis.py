"""The configuration of Azure's Spatial Analysis as a tree of CameraConfig.

    {"lines": [{"name", "line": {"start", "end"}, "events": [{"type", "config"}]}],
     "zones": [{"name", "polygon": [[x, y], ...], "events": [...]}]}

Keys of our own beside the two, such as "ground", are taken as they are.
docs/spatial-analysis.md says what maps to what.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from sightline.errors import ConfigError
from sightline.wire.formats.spatial_wishes import KINDS

_OF_LINES = ("linecrossing",)
_OF_ZONES = tuple(kind for kind in KINDS if kind not in _OF_LINES)
_ANCHORS = {"footprint": "bottom", "bottom_center": "bottom", "center": "center"}
_PERSON_PX = 137.0  # how tall people are in that service's pictures, 608 pixels wide
_WIDTH_PX = 608.0
_METRES = 0.3048  # of a foot
_NEAR_FEET = 6.0  # where a configuration does not say what is too close
_KEYS = (
    "trigger", "output_frequency", "threshold", "focus", "minimum_distance_threshold",
    "maximum_distance_threshold", "aggregation_method",
)  # fmt: skip


def is_spatial_analysis(tree: dict[str, Any]) -> bool:
    """Whether lines and zones are written as that service wants them."""
    items = [one for key in ("lines", "zones") for one in _listed(tree.get(key))]
    return any(isinstance(one, dict) and ("events" in one or "line" in one) for one in items)


def translated(tree: dict[str, Any], origin: str) -> tuple[dict[str, Any], list[str]]:
    """The same as keys of CameraConfig, and in words what is left out of it.

    Raises ConfigError naming the key that cannot be meant.
    """
    done = _Translation(origin, metric=tree.get("ground") is not None)
    for number, item in enumerate(done.items(tree, "lines")):
        done.line(f"lines.{number}", item)
    for number, item in enumerate(done.items(tree, "zones")):
        done.zone(f"zones.{number}", item)
    output = tree.get("output") or {}
    if not isinstance(output, dict):
        raise ConfigError(f"{origin}: output: must hold keys, such as 'metadata'")
    mine = {key: held for key, held in tree.items() if key not in ("lines", "zones")}
    return mine | done.found | {"output": {"spatial_analysis": done.wishes, **output}}, done.left


class _Translation:
    def __init__(self, origin: str, metric: bool) -> None:
        self.found: dict[str, list[dict[str, Any]]] = {
            "lines": [], "zones": [], "dwell": [], "distances": [],
        }  # fmt: skip
        self.wishes: dict[str, dict[str, dict[str, Any]]] = {}
        self.left: list[str] = []
        self._origin = origin
        self._metric = metric

    def items(self, tree: dict[str, Any], key: str) -> list[Any]:
        held = tree.get(key)
        if held is not None and not isinstance(held, list):
            raise self._wrong(key, "must be a list")
        return held or []

    def line(self, where: str, item: Any) -> None:
        name, events = self._told(where, item, ("name", "line", "events"), _OF_LINES)
        ends = item.get("line")
        if not isinstance(ends, dict) or set(ends) != {"start", "end"}:
            raise self._wrong(f"{where}.line", "must hold 'start' and 'end'")
        points = [self._corner(f"{where}.line.{end}", ends[end]) for end in ("start", "end")]
        if events:
            self.found["lines"].append({"points": points, **self._place(where, name, events)})

    def zone(self, where: str, item: Any) -> None:
        name, events = self._told(where, item, ("name", "polygon", "events"), _OF_ZONES)
        polygon = item.get("polygon")
        if not isinstance(polygon, list):
            raise self._wrong(f"{where}.polygon", "must be a list of corners")
        corners = [self._corner(f"{where}.polygon.{i}", one) for i, one in enumerate(polygon)]
        if len(corners) > 1 and corners[0] == corners[-1]:  # theirs are closed, ours need not be
            corners.pop()
        distance = events.pop("persondistance", None)
        if distance is not None:
            self._distance(where, name, corners, distance)
        if events:
            kind = "dwell" if "zonedwelltime" in events else "zones"
            self.found[kind].append({"polygon": corners, **self._place(where, name, events)})

    def _told(
        self, where: str, item: Any, keys: Sequence[str], kinds: Sequence[str]
    ) -> tuple[str, dict[str, dict[str, Any]]]:
        """The name and the configuration of each event, by its type."""
        if not isinstance(item, dict):
            raise self._wrong(where, "must hold 'name' and 'events'")
        self._known(where, item, keys)
        name = item.get("name")
        if not isinstance(name, str) or not name:
            raise self._wrong(f"{where}.name", "must be a name")
        if name in self.wishes:
            raise self._wrong(f"{where}.name", f"another is called {name!r} too")
        if not isinstance(item.get("events", []), list):
            raise self._wrong(f"{where}.events", "must be a list")
        found: dict[str, dict[str, Any]] = {}
        for number, event in enumerate(item.get("events", [])):
            here = f"{where}.events.{number}"
            if not isinstance(event, dict):
                raise self._wrong(here, "must hold 'type'")
            self._known(here, event, ("type", "config"))
            kind = event.get("type")
            if not isinstance(kind, str) or kind not in kinds:
                raise self._wrong(f"{here}.type", f"must be one of {', '.join(kinds)}")
            found[kind] = self._config(f"{here}.config", event.get("config"))
        self.wishes[name] = {kind: _wish(config) for kind, config in found.items()}
        return name, found

    def _config(self, where: str, config: Any) -> dict[str, Any]:
        if config is None:
            return {}
        if not isinstance(config, dict):
            raise self._wrong(where, "must hold keys, such as 'trigger'")
        self._known(where, config, _KEYS)
        for key in ("threshold", "minimum_distance_threshold", "maximum_distance_threshold"):
            if config.get(key) is not None and not _number(config[key]):
                raise self._wrong(f"{where}.{key}", "must be a number, not less than 0")
        if config.get("trigger", "event") not in ("event", "interval"):
            raise self._wrong(f"{where}.trigger", "must be event or interval")
        often = config.get("output_frequency", 1)
        if not _number(often) or often < 1 or often != int(often):
            raise self._wrong(f"{where}.output_frequency", "must be a whole number from 1")
        if str(config.get("focus", "footprint")).lower() not in _ANCHORS:
            raise self._wrong(f"{where}.focus", f"must be one of {', '.join(_ANCHORS)}")
        return config

    def _place(self, where: str, name: str, events: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """What lines and zones have in common; of several thresholds the largest counts."""
        anchors = {_anchor(config) for config in events.values()}
        if len(anchors) > 1:
            raise self._wrong(f"{where}.events", "all must have the same focus")
        given = [config["threshold"] for config in events.values() if config.get("threshold")]
        zero = [config for config in events.values() if config.get("threshold") == 0]
        place: dict[str, Any] = {"name": name, "classes": ["person"], "anchor": anchors.pop()}
        if given or zero:
            place["hysteresis"] = max(map(_hysteresis, given), default=0.0)
        return place

    def _distance(
        self, where: str, name: str, corners: list[list[float]], config: dict[str, Any]
    ) -> None:
        if config.get("maximum_distance_threshold") is not None:
            self._leave(where, "maximum_distance_threshold", "who is too far is not told")
        if config.get("trigger") == "interval":
            self.wishes[name]["persondistance"]["trigger"] = "event"
            self._leave(where, "trigger interval", "a distance is told when it gets too small")
        feet = config.get("minimum_distance_threshold")
        if feet == 0:
            raise self._wrong(f"{where}.minimum_distance_threshold", "must be more than 0")
        if not self._metric:
            why = "it counts in feet on the floor; give `ground`, which `sightline calibrate` finds"
            self._leave(where, "persondistance", why)
            return
        limit_m = (_NEAR_FEET if feet is None else feet) * _METRES
        place = {"name": name, "classes": ["person"], "anchor": _anchor(config)}
        self.found["distances"].append({**place, "polygon": corners, "limit_m": limit_m})

    def _corner(self, where: str, given: Any) -> list[float]:
        if isinstance(given, dict) and set(given) == {"x", "y"}:
            given = [given["x"], given["y"]]
        if not isinstance(given, list) or len(given) != 2 or not all(map(_finite, given)):
            raise self._wrong(where, "must be x and y, fractions of the picture")
        return [float(value) for value in given]

    def _known(self, where: str, held: dict[str, Any], keys: Sequence[str]) -> None:
        for key in held:
            if key not in keys:
                raise self._wrong(f"{where}.{key}", "there is no such key in Spatial Analysis")

    def _leave(self, where: str, key: str, why: str) -> None:
        self.left.append(f"{self._origin}: {where}: {key} is left out: {why}")

    def _wrong(self, where: str, what: str) -> ConfigError:
        return ConfigError(f"{self._origin}: {where}: {what}")


def _wish(config: dict[str, Any]) -> dict[str, Any]:
    return {
        "trigger": config.get("trigger", "event"),
        "output_frequency": int(config.get("output_frequency", 1)),
    }


def _anchor(config: dict[str, Any]) -> str:
    return _ANCHORS[str(config.get("focus", "footprint")).lower()]


def _hysteresis(threshold: float) -> float:
    """Pixels (above 1, as in 2021) or a share of the width (as in 2024) in heights of a person."""
    pixels = threshold if threshold > 1 else threshold * _WIDTH_PX
    return round(min(pixels / _PERSON_PX, 10.0), 4)


def _number(value: Any) -> bool:
    return _finite(value) and value >= 0


def _finite(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return isfinite(value)
    except OverflowError:
        return False


def _listed(held: Any) -> list[Any]:
    return held if isinstance(held, list) else []
