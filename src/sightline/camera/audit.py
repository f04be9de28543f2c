"""A person counts what tracks show, and what that says of a camera's own counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sightline.analytics.audit import AuditConfig, audited
from sightline.analytics.doubt import Bounds, Doubt
from sightline.analytics.evidence import COMMON, Of
from sightline.analytics.line import Line
from sightline.analytics.replay import Replay
from sightline.analytics.zone import Zone
from sightline.camera.annotation import polygons
from sightline.camera.draw.painter import Painter
from sightline.camera.draw.status import Status
from sightline.camera.privacy import Privacy
from sightline.camera.video import VideoWriter
from sightline.errors import ConfigError
from sightline.results import Detections
from sightline.results.stretch import stretches
from sightline.twin.config import ANALYTICS, CameraConfig
from sightline.twin.privacy import PrivacyConfig
from sightline.twin.questions import questions

Row = tuple[int, Detections]

_SIZE = (960, 540)


@dataclass(frozen=True, slots=True)
class Counted:
    """One number that a person can check.

    place, of  "door" and "in": together the number's name, "door.in"
    kind       the key of the configuration in which the place stands: lines, zones, ...
    ours       as counted; `doubt`, what is known of its errors without audits
    """

    kind: str
    place: str
    of: str
    ours: float
    doubt: Doubt

    @property
    def name(self) -> str:
        """As people write it."""
        return f"{self.place}.{self.of}"

    @property
    def rests_on(self) -> Of:
        """The kind of evidence."""
        whats: tuple[Of, ...] = ("entries", "exits", "visits")
        return next((what for what in whats if what == self.of), "line")

    def audit(self, counted: float) -> AuditConfig:
        """What it says that a person counted so many."""
        return AuditConfig(
            of=self.of,
            counted=counted,
            expected=round(self.doubt.expected, 4),
            variance=round(self.doubt.variance, 4),
        )


def between(rows: Iterable[Row], begin_s: float, length_s: float) -> Iterator[Row]:
    """The pictures from so long after the first one, for so long."""
    first_ns = None
    for time_ns, tracks in rows:
        first_ns = time_ns if first_ns is None else first_ns
        at_s = (time_ns - first_ns) / 1e9
        if at_s >= begin_s + length_s:
            return
        if at_s >= begin_s:
            yield time_ns, tracks


def counted(
    config: CameraConfig, rows: Iterable[Row], labels: Sequence[str], aspect: float
) -> list[Counted]:
    """Every number of the lines and zones over these pictures, as before any audit."""
    asked = [
        one for one in questions(unaudited(config), labels, aspect) if isinstance(one, Line | Zone)
    ]
    if not asked:
        raise ConfigError("there is nothing to count: give --config with lines or zones, or --line")
    for _ in Replay(asked, labels, config.detect.classes).run(stretches(rows)):
        pass
    kinds = {(type(one), one.name): kind for kind in ANALYTICS for one in getattr(config, kind)}
    return [
        Counted(kinds[type(place), place.name], place.name, of, one.summary()[of], doubt)
        for one in asked
        for place in [one.config]
        for of, doubt in one.doubts().items()
    ]


def unaudited(config: CameraConfig) -> CameraConfig:
    """The same without what people have counted before."""
    changed = {
        kind: tuple(
            one.model_copy(update={"audits": ()}) if hasattr(one, "audits") else one
            for one in getattr(config, kind)
        )
        for kind in ANALYTICS
    }
    return config.model_copy(update=changed)


def with_audits(
    tree: Mapping[str, Any], config: CameraConfig, found: Mapping[Counted, float]
) -> dict[str, Any]:
    """The keys of a configuration, with these audits beside those that are there."""
    changed = dict(tree)
    for number, count in found.items():
        places = [
            dict(one)
            if isinstance(one, Mapping)
            else one.model_dump(mode="json", exclude_unset=True)
            for one in changed.get(number.kind) or getattr(config, number.kind)
        ]
        for place in places:
            if place["name"] == number.place:
                audit = number.audit(count).model_dump(mode="json")
                place["audits"] = [*place.get("audits", ()), audit]
        changed[number.kind] = places
    return changed


def after(config: CameraConfig, number: Counted, count: float) -> Bounds:
    """The interval of the same number with this audit and those of before."""
    (place,) = (one for one in getattr(config, number.kind) if one.name == number.place)
    audits = [*place.audits_of(number.of), number.audit(count)]
    plain = Doubt(number.doubt.expected, number.doubt.variance)
    return audited(plain, COMMON[number.rests_on], audits).counts()


def film(
    path: str, config: CameraConfig, rows: Iterable[Row], labels: Sequence[str], aspect: float
) -> int:
    """A video of boxes on a quiet grid, with lines and zones and without our counts.

    Returns how many pictures it has. Raises ConfigError, OutputError.
    """
    height = _SIZE[1]
    size = round(height * aspect / 2) * 2, height
    placed = config.placed()
    painter = Painter(
        size,
        labels,
        [(line.name, line.points) for line in placed.lines],
        list(polygons(placed).items()),
    )
    privacy = Privacy(PrivacyConfig(), tuple(labels))
    writer, pictures = VideoWriter(path, 0, size), 0
    try:
        for time_ns, tracks in rows:
            published = privacy.publish(None, tracks, size)
            painter.paint(published.rgb, tracks, Status(time_ns, counted=False), bare=True)
            writer.write(published, time_ns)
            pictures += 1
    finally:
        writer.close()
    return pictures
