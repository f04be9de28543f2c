"""The events of Azure's Spatial Analysis, one document a line.

Only people are told of, as there. What happened is told with the picture in which it happened,
so far as that is among the newest. docs/spatial-analysis.md says what maps to what.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec

from sightline.results import Detections
from sightline.wire.formats.sink import Sink
from sightline.wire.formats.spatial_pictures import Picture, Pictures, Seen, side_of
from sightline.wire.formats.spatial_wishes import Kind, Wish, Wishes
from sightline.wire.messages import Event, Header, Measure

_ENCODER = msgspec.json.Encoder()
_SECOND_NS = 1_000_000_000
_FEET = 1 / 0.3048
_DIRECTIONS = {"in": "CrossRight", "out": "CrossLeft"}


class SpatialAnalysisWriter:
    """Schema 2.0. Who is in a zone is remembered, as counts are told of it."""

    schema: ClassVar[str] = "2.0"

    def __init__(self, sink: Sink, wishes: Wishes | None = None) -> None:
        self._sink = sink
        self._wishes = wishes or Wishes()
        self._pictures = Pictures()
        self._newest: Picture | None = None
        # By zone: who is inside, and the number of the picture in which they came.
        self._inside: dict[str, dict[str, int]] = {}
        self._changed: dict[str, None] = {}
        self._close: dict[str, dict[frozenset[str], float]] = {}
        self._told: dict[tuple[str, Kind], int] = {}
        self._due_ns: dict[str, int] = {}
        self._serial = 0

    def header(self, header: Header) -> None:
        self._pictures.announce(header)

    def frame(
        self,
        detections: Detections,
        labels: Sequence[str],
        sequence: int,
        time_ns: int,
        truth: Any = None,
        name: str = "",
    ) -> None:
        self._tell_counts()
        self._newest = self._pictures.add(detections, labels, sequence, time_ns)

    def event(self, event: Event) -> None:
        if event.track is None or event.label != "person":
            return
        id = self._pictures.id_of(event.track)
        match event.kind:
            case "line.crossed":
                self._crossed(event, id)
            case "zone.entered":
                self._entered(event, id)
            case "zone.left":
                self._left(event, id)
            case "distance.close" | "distance.apart":
                self._distance(event, id)

    def measure(self, measure: Measure) -> None:
        pass

    def close(self) -> None:
        self._tell_counts()
        self._sink.close()

    def _crossed(self, event: Event, id: str) -> None:
        status = _DIRECTIONS.get(str(event.data.get("direction")))
        if status:
            properties = {"trackingId": id, "status": status}
            self._tell("linecrossing", "personLineEvent", event, [id], properties)

    def _entered(self, event: Event, id: str) -> None:
        picture = self._pictures.at(event.time_ns)
        self._inside.setdefault(event.name, {})[id] = picture.number if picture else 0
        self._changed[event.name] = None
        properties = {"trackingId": id, "status": "Enter", "side": self._side(event, id)}
        self._tell("zonecrossing", "personZoneEnterExitEvent", event, [id], properties)

    def _left(self, event: Event, id: str) -> None:
        picture = self._pictures.at(event.time_ns)
        number = picture.number if picture else 0
        since = self._inside.setdefault(event.name, {}).pop(id, number)
        self._changed[event.name] = None
        properties: dict[str, Any] = {"trackingId": id, "status": "Exit"}
        properties["side"] = self._side(event, id)
        self._tell("zonecrossing", "personZoneEnterExitEvent", event, [id], properties)
        stay = {"dwellTime": round(float(event.data.get("dwell_s", 0)) * 1000, 3)}
        properties |= stay | {"dwellFrames": max(0, number - since)}
        self._tell("zonedwelltime", "personZoneDwellTimeEvent", event, [id], properties)

    def _distance(self, event: Event, id: str) -> None:
        close = self._close.setdefault(event.name, {})
        pair = frozenset((id, self._pictures.id_of(event.data.get("other"))))
        if event.kind == "distance.apart":
            close.pop(pair, None)
            return
        close[pair] = float(event.data.get("metres", 0.0)) * _FEET
        near = list(dict.fromkeys(one for both in close for one in sorted(both)))
        picture = self._pictures.at(event.time_ns)
        people = [seen for seen in (picture.objects if picture else {}).values() if _person(seen)]
        properties = {
            "personCount": max(len(near), len(self._inside.get(event.name) or people)),
            "averageDistance": sum(close.values()) / len(close),
            "minimumDistanceThreshold": round(self._wishes.limits_m.get(event.name, 0) * _FEET, 4),
            "maximumDistanceThreshold": "Infinity",
            "eventName": "TooClose",
            "distanceViolationPersonCount": len(near),
        }
        self._tell("persondistance", "personDistanceEvent", event, near, properties)

    def _tell_counts(self) -> None:
        """How many are in each zone, as the newest picture and its events left it."""
        picture = self._newest
        if picture is None:
            return
        for name in dict.fromkeys((*self._wishes.by_name, *self._inside)):
            wish = self._wishes.of(name, "count")
            if wish is None or not self._count_is_due(name, wish, picture.time_ns):
                continue
            ids = list(self._inside.get(name, ()))
            now = Event("zone.count", picture.time_ns, name)
            self._tell("count", "personCountEvent", now, ids, {"personCount": len(ids)}, wish)
        self._changed.clear()

    def _count_is_due(self, name: str, wish: Wish, time_ns: int) -> bool:
        if wish.trigger == "event":
            return name in self._changed
        due_ns = self._due_ns.setdefault(name, time_ns)
        if time_ns < due_ns:
            return False
        self._due_ns[name] = max(due_ns + _SECOND_NS, time_ns)
        return True

    def _side(self, event: Event, id: str) -> str:
        polygon = self._wishes.polygons.get(event.name)
        picture = self._pictures.at(event.time_ns)
        if not polygon or picture is None or not event.data.get("crossed"):
            return ""
        place = self._pictures.step_to(picture, id) or event.place
        return str(side_of(place, polygon, self._pictures.aspect())) if place else ""

    def _tell(
        self,
        kind: Kind,
        type: str,
        event: Event,
        ids: list[str],
        properties: dict[str, Any],
        wish: Wish | None = None,
    ) -> None:
        wish = wish or self._wishes.of(event.name, kind)
        if wish is None:
            return
        before = self._told.get((event.name, kind), 0)
        self._told[event.name, kind] = before + 1
        if before % wish.output_frequency:
            return
        self._serial += 1
        picture = self._pictures.at(event.time_ns)
        found = [picture.objects[id] for id in ids if id in picture.objects] if picture else []
        told: dict[str, Any] = {
            "id": self._pictures.id_of(f"event {self._serial}"),
            "type": type,
            "detectionIds": [seen.id for seen in found],
            "properties": properties,
            "zone": event.name,
        }
        if "trackingId" not in properties:
            told["trigger"] = wish.trigger
        document = {
            "events": [told],
            "sourceInfo": self._pictures.source_info(picture, event.time_ns),
            "detections": [self._detection(seen, "trackingId" in properties) for seen in found],
            "schemaVersion": self.schema,
        }
        self._sink.write(_ENCODER.encode(document) + b"\n")

    def _detection(self, seen: Seen, tracked: bool) -> dict[str, Any]:
        x1, y1, x2, y2 = seen.box
        return {
            "type": seen.label,
            "id": seen.id,
            "region": {
                "type": "RECTANGLE",
                "points": [{"x": x1, "y": y1}, {"x": x2, "y": y2}],
            },
            "confidence": seen.score,
            "metadata": self._more(seen, tracked),
        }

    def _more(self, seen: Seen, tracked: bool) -> dict[str, Any]:
        x, y = (str(round(value, 6)) for value in seen.feet)
        return ({"trackingId": seen.id} if tracked else {}) | {"footprintX": x, "footprintY": y}


class SpatialAnalysis1Writer(SpatialAnalysisWriter):
    """Schema 1.0, which older dashboards read: nothing is said of where feet are."""

    schema = "1.0"

    def _more(self, seen: Seen, tracked: bool) -> dict[str, Any]:
        return {}


def _person(seen: Seen) -> bool:
    return seen.label == "person"
