"""COCO results: one JSON array of {image_id, category_id, bbox, score}.

`bbox` is x, y, width, height in pixels. `image_id` is the number in the picture's file name
where it has one ("000000000139.jpg"), else its sequence number. `category_id` is COCO's own
where all class names are COCO's, else the index plus one. In a file the array is closed at
every moment, so that even a killed run leaves valid JSON.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import msgspec
import numpy as np

from sightline.results import Detections
from sightline.results.coco import category_ids
from sightline.wire.formats.sink import Sink
from sightline.wire.frame import finite
from sightline.wire.messages import Event, Header, Measure

_ENCODER = msgspec.json.Encoder()
_LAST_NUMBER = re.compile(r"\d+(?!.*\d)")


class CocoWriter:
    """Writes the objects of each picture as they come; events and measures have no place."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._sink.tail = b"\n]\n"
        self._scale = np.ones(4)
        self._categories: tuple[int, ...] = ()
        self._between = b"\n"
        sink.write(b"[")

    def header(self, header: Header) -> None:
        self._scale = np.array([header.width, header.height] * 2, np.float64)
        self._categories = category_ids(header.labels)

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
        bounds = kept.boxes * self._scale
        bounds[:, 2:] -= bounds[:, :2]
        image_id = _image_id(name, sequence)
        items = [
            _ENCODER.encode(
                {
                    "image_id": image_id,
                    "category_id": self._categories[label],
                    "bbox": bbox,
                    "score": score,
                }
            )
            for label, bbox, score in zip(
                kept.labels.tolist(),
                bounds.round(2).tolist(),
                kept.scores.astype(np.float64).round(5).tolist(),
                strict=True,
            )
        ]
        self._sink.write(self._between + b",\n".join(items))
        self._between = b",\n"

    def event(self, event: Event) -> None:
        pass

    def measure(self, measure: Measure) -> None:
        pass

    def close(self) -> None:
        self._sink.close()


def _image_id(name: str, sequence: int) -> int:
    number = _LAST_NUMBER.search(PurePath(name).stem)
    return int(number[0]) if number else sequence
