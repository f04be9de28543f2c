"""MOTChallenge text: one box a line, comma-separated, for detections, tracks and ground truth.

    frame, id, left, top, width, height, score, class, visibility     ground truth
    frame, id, left, top, width, height, score [, x, y, z]            detections and tracks

Frames count from 1; pixels are taken as they stand (left / picture width), as the field's
evaluation tools do. Columns after the sixth may be missing. Of ten columns the eighth is
the class only where the last two are -1, otherwise they are a place in the world. Nine columns
are ground truth: there a score of 0 marks what is not to be counted, and is left out. An id
or a score of -1 means none. Scores that exceed 1 are divided by the largest of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import ConfigError, InputError
from sightline.results import Detections
from sightline.wire.formats.base import Row
from sightline.wire.formats.mot_text import parse
from sightline.wire.formats.sink import Sink
from sightline.wire.frame import finite, frame_metadata
from sightline.wire.messages import Event, Header, Measure, Message

CLASSES = (
    "person",
    "person on vehicle",
    "car",
    "bicycle",
    "motorcycle",
    "non motorized vehicle",
    "static person",
    "distractor",
    "occluder",
    "occluder on the ground",
    "occluder full",
    "reflection",
    "crowd",
)
_LAST_CLASS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class MotTable:
    """All rows of one file in order of their frames, as arrays.

    numbers     int64 (N,) frame numbers, from 1
    objects     N detections; `track_ids` is None where no row has an id; labels index `labels`
    labels      class names: MOTChallenge's, then "class 14", ... as far as the file goes
    visibility  float32 (N,), 1 where the file does not tell
    truth       whether the file is ground truth
    """

    numbers: NDArray[np.int64]
    objects: Detections
    labels: tuple[str, ...]
    visibility: NDArray[np.float32]
    truth: bool = False

    def frames(self, last: int = 0) -> Iterator[tuple[int, Detections]]:
        """Every frame from 1 to the last of the file, or to `last`, also those without a box."""
        if not len(self.numbers):
            return
        first = min(int(self.numbers[0]), 1)
        last = max(int(self.numbers[-1]), last)
        begin = 0
        for number in range(first, last + 1):
            end = int(np.searchsorted(self.numbers, number, "right"))
            yield number, self.objects[begin:end]
            begin = end


def read_mot(path: str | Path, width: int, height: int) -> MotTable:
    """The rows of a file, boxes as fractions of a picture of width x height pixels.

    Raises InputError with file, line number and what was expected instead.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"cannot read {path}: {reason}") from None
    return parse_mot(data, str(path), width, height)


def parse_mot(data: bytes, name: str, width: int, height: int) -> MotTable:
    """`read_mot` for bytes that are already here; `name` is what errors call them."""
    rows = parse(data, name)
    truth = rows.shape[1] == 9
    if truth:
        rows = rows[rows[:, 6] != 0]
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    boxes = rows[:, 2:6].copy()
    boxes[:, 2:] += boxes[:, :2]
    boxes /= (width, height, width, height)
    labels = _labels(rows, name)
    further = range(len(CLASSES) + 1, int(labels.max(initial=0)) + 2)
    return MotTable(
        rows[:, 0].astype(np.int64),
        Detections(boxes.astype(np.float32), _scores(rows), labels, _track_ids(rows[:, 1])),
        CLASSES + tuple(f"class {number}" for number in further),
        (rows[:, 8] if truth else np.ones(len(rows))).astype(np.float32),
        truth,
    )


def _labels(rows: NDArray[np.float64], name: str) -> NDArray[np.int32]:
    columns = rows.shape[1]
    world = columns >= 10 and bool((rows[:, 8:10] != -1).any())
    if columns < 8 or world:
        return np.zeros(len(rows), np.int32)
    largest = rows[:, 7].max(initial=0)
    if largest > _LAST_CLASS:
        raise InputError(f"{name}: {largest:g} in the eighth column cannot be a class number")
    return np.maximum(rows[:, 7], 1).astype(np.int32) - 1


def _scores(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    if rows.shape[1] < 7:
        return np.ones(len(rows), np.float32)
    scores = np.where(rows[:, 6] == -1, 1.0, rows[:, 6])
    largest = max(1.0, float(scores.max(initial=0)))
    clipped: NDArray[np.float32] = (scores.clip(0) / largest).astype(np.float32)
    return clipped


def _track_ids(column: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """Ids are positive here; a file that counts from 0 has its 0 put behind its last id."""
    ids = column.astype(np.int64)
    if not len(ids) or (ids < 0).any():
        return None
    return np.where(ids == 0, ids.max() + 1, ids)


class MotReader:
    """A MOTChallenge file as metadata; it is read whole, since rows may be in any order."""

    def __init__(
        self, stream: IO[bytes], name: str, size: tuple[int, int] | None, fps: float | None
    ) -> None:
        if size is None:
            raise ConfigError(f"{name} does not tell the size of its pictures: give --size WxH")
        with stream:
            self._table = parse_mot(stream.read(), name, *size)
        self.truth = self._table.truth
        self._fps = fps or 30.0
        self.header = Header("", name, *size, self._table.labels, fps=self._fps)

    def frames(self) -> Iterator[Row]:
        for number, objects in self._table.frames():
            yield round((number - 1) * 1e9 / self._fps), objects

    def messages(self) -> Iterator[Message]:
        yield self.header
        for sequence, (time_ns, objects) in enumerate(self.frames()):
            yield frame_metadata(objects, self.header.labels, "", sequence, time_ns)


class MotWriter:
    """Writes frame, id, left, top, width, height, score, class, -1, -1.

    The frame number is the picture's sequence number plus one. The class is MOTChallenge's
    number where it has that class, otherwise 14 plus its index. Events and measures have no
    place here.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._scale = np.ones(4)
        self._classes = np.ones(1)

    def header(self, header: Header) -> None:
        self._scale = np.array([header.width, header.height] * 2, np.float64)
        self._classes = np.array(
            [
                CLASSES.index(name) + 1 if name in CLASSES else len(CLASSES) + 1 + index
                for index, name in enumerate(header.labels)
            ]
        )

    def frame(
        self,
        detections: Detections,
        labels: Sequence[str],
        sequence: int,
        time_ns: int,
        truth: Any = None,
        name: str = "",
    ) -> None:
        kept = finite(detections)
        if not len(kept):
            return
        boxes = kept.boxes * self._scale
        boxes[:, 2:] -= boxes[:, :2]
        ids = np.full(len(kept), -1) if kept.track_ids is None else kept.track_ids
        rows = zip(
            ids.tolist(),
            boxes.tolist(),
            kept.scores.tolist(),
            self._classes[kept.labels].tolist(),
            strict=True,
        )
        text = "".join(
            f"{sequence + 1},{i},{x:.2f},{y:.2f},{w:.2f},{h:.2f},{score:.4f},{kind},-1,-1\n"
            for i, (x, y, w, h), score, kind in rows
        )
        self._sink.write(text.encode())

    def event(self, event: Event) -> None:
        pass

    def measure(self, measure: Measure) -> None:
        pass

    def close(self) -> None:
        self._sink.close()
