"""The counter panel in one corner and the time in another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sightline.camera.draw.palette import INK, LINE, MUTED, ZONE, Colour
from sightline.camera.draw.scale import Scale
from sightline.camera.draw.shapes import Rgb, fill, plate, rounded
from sightline.camera.draw.status import Status
from sightline.camera.draw.tags import Area
from sightline.camera.draw.typeface import Typeface

Row = tuple[str, str, Colour]


class Panel:
    """Left out where it would hide much of a small picture; the tags say the same."""

    def __init__(
        self, scale: Scale, typeface: Typeface, lines: Sequence[str], zones: Sequence[str]
    ) -> None:
        self._scale = scale
        self._type = typeface
        self._lines = lines
        self._zones = zones
        self._pitch = round(typeface.height * 1.15)
        self._margin = scale.gap * 2

    def areas(self, status: Status, count: int) -> list[Area]:
        """What panel and clock will cover."""
        found = [self._clock(status)]
        panel = self._panel(self._rows(status, count))
        return [*found, panel] if panel else found

    def draw(self, rgb: Rgb, status: Status, count: int) -> None:
        """Panel and clock; `count` objects are in view."""
        gap = self._scale.gap
        x1, y1, x2, y2 = self._clock(status)
        plate(rgb, x1, y1, x2 - x1, y2 - y1, gap, 0.6)
        self._type.draw(rgb, clock_text(status), x1 + gap, y1 + gap // 2, INK)
        rows = self._rows(status, count)
        area = self._panel(rows)
        if area is None:
            return
        x1, y1, x2, y2 = area
        plate(rgb, x1, y1, x2 - x1, y2 - y1, gap * 2, 0.72)
        bar = max(2, gap // 2)
        for i, (name, value, colour) in enumerate(rows):
            top = y1 + gap + i * self._pitch
            mark = rounded(x1 + gap, top + 3, x1 + gap + bar, top + self._type.height - 3, bar / 2)
            fill(rgb, mark, colour)
            self._type.draw(rgb, name, x1 + 2 * gap + bar, top, MUTED)
            self._type.draw(rgb, value, x2 - gap * 2 - self._type.width(value), top, INK)

    def _rows(self, status: Status, count: int) -> list[Row]:
        rows: list[Row] = [("In view", str(count), INK)]
        if not status.counted:
            return rows
        for name in self._lines:
            counts = status.lines.get(name, {})
            text = f"{counts.get('in', 0):.0f} in · {counts.get('out', 0):.0f} out"
            rows.append((name, text, LINE))
        rows += [(name, status.of_zone(name), ZONE) for name in self._zones]
        return rows

    def _panel(self, rows: list[Row]) -> Area | None:
        gap = self._scale.gap
        names = max(self._type.width(name) for name, _, _ in rows)
        values = max(self._type.width(value) for _, value, _ in rows)
        width = names + values + 8 * gap
        height = len(rows) * self._pitch + 2 * gap
        if width > self._scale.width * 0.38 or height > self._scale.height * 0.4:
            return None
        return self._margin, self._margin, self._margin + width, self._margin + height

    def _clock(self, status: Status) -> Area:
        gap = self._scale.gap
        width = self._type.width(clock_text(status)) + 2 * gap
        height = self._type.height + gap // 2 * 2
        x, y = self._scale.width - self._margin - width, self._scale.height - self._margin - height
        return x, y, x + width, y + height


def clock_text(status: Status) -> str:
    """Time of day, or hours, minutes and seconds of a recording."""
    if status.clock == "utc":
        at = datetime.fromtimestamp(status.time_ns // 1_000_000_000, UTC)
        return f"{at:%Y-%m-%d %H:%M:%S} UTC"
    tenths = max(0, status.time_ns) // 100_000_000
    minutes, rest = divmod(tenths, 600)
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 10:02}.{rest % 10}"
