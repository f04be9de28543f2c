"""The newest pictures as Spatial Analysis describes them: where who was when it happened."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import numpy as np

from sightline.results import Detections
from sightline.wire.frame import columns
from sightline.wire.messages import Header, Place

_KEPT = 256  # longer than anything is decided after it happened
_EARLY_NS = 1_000_000  # clocks of analytics count in seconds, and round
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 31, tzinfo=UTC)

Box = Sequence[float]


@dataclass(frozen=True, slots=True)
class Seen:
    """One object of a picture."""

    id: str
    label: str
    score: float
    box: Box

    @property
    def feet(self) -> Place:
        return (self.box[0] + self.box[2]) / 2, self.box[3]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its number among those written, and its objects by identity."""

    number: int
    sequence: int
    time_ns: int
    objects: dict[str, Seen]


class Pictures:
    """Remembers the newest pictures of one camera."""

    def __init__(self) -> None:
        self._header = Header("", "", 0, 0, ())
        self._kept: deque[Picture] = deque(maxlen=_KEPT)
        self._count = 0

    def announce(self, header: Header) -> None:
        """Of what camera the pictures are that follow."""
        self._header = header

    def add(
        self, detections: Detections, labels: Sequence[str], sequence: int, time_ns: int
    ) -> Picture:
        """The newest picture."""
        boxes, scores, indices, tracks = columns(detections)
        ids = [
            self.id_of(track) if tracks else self.id_of(f"{sequence}.{row}")
            for row, track in enumerate(tracks or boxes)
        ]
        rows = zip(ids, indices, scores, boxes, strict=True)
        objects = {id: Seen(id, labels[i], score, box) for id, i, score, box in rows}
        picture = Picture(self._count, sequence, time_ns, objects)
        self._count += 1
        self._kept.append(picture)
        return picture

    def at(self, time_ns: int) -> Picture | None:
        """The picture of an instant, or the last before it; the oldest kept where none is."""
        for picture in reversed(self._kept):
            if picture.time_ns <= time_ns + _EARLY_NS:
                return picture
        return self._kept[0] if self._kept else None

    def step_to(self, picture: Picture, id: str) -> Place | None:
        """Half-way between where somebody stood in a picture and in the one before."""
        if id not in picture.objects:
            return None
        x, y = picture.objects[id].feet
        for earlier in reversed(self._kept):
            if earlier.number < picture.number and id in earlier.objects:
                before = earlier.objects[id].feet
                return (x + before[0]) / 2, (y + before[1]) / 2
        return x, y

    def id_of(self, what: Any) -> str:
        """32 hexadecimal digits, the same for the same in one run of the camera."""
        header = self._header
        text = f"{header.camera}\0{header.boot}\0{what}"
        return blake2b(text.encode(errors="replace"), digest_size=16).hexdigest()

    def aspect(self) -> float:
        """Width / height."""
        header = self._header
        return header.width / header.height if header.width and header.height else 1.0

    def source_info(self, picture: Picture | None, time_ns: int) -> dict[str, Any]:
        """`sourceInfo` of something that happened then."""
        header = self._header
        return {
            "id": header.camera,
            "timestamp": _timestamp(time_ns),
            "width": header.width,
            "height": header.height,
            "frameId": str(picture.sequence) if picture else "",
            "imagePath": "",
        }


def side_of(place: Place, polygon: Sequence[Place], aspect: float) -> int:
    """The side of a polygon that a place is nearest to; the first is between its first corners."""
    corners = np.array(polygon) * [aspect, 1]
    along = np.roll(corners, -1, 0) - corners
    away = np.array(place) * [aspect, 1] - corners
    share = np.clip((away * along).sum(1) / (along * along).sum(1), 0, 1)
    gaps = away - share[:, None] * along
    return int(np.hypot(gaps[:, 0], gaps[:, 1]).argmin()) + 1


def _timestamp(time_ns: int) -> str:
    try:
        when = min(_EPOCH + timedelta(milliseconds=time_ns // 1_000_000), _LAST)
    except OverflowError:
        when = _LAST if time_ns > 0 else _EPOCH
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"
