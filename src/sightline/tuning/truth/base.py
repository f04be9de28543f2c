"""What people say is in pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sightline.picture import Frame
from sightline.source import SourceConfig, open_source
from sightline.wire.messages import Event


@dataclass(frozen=True, slots=True, eq=False)
class TrueObjects:
    """The objects of one picture.

    boxes   float32 (N, 4): x1, y1, x2, y2 in pixels
    labels  int32 (N,), an index into the names of the truth
    areas   float32 (N,), square pixels, of the object itself where that is known
    crowd   bool (N,): many at once, neither right nor wrong to find
    keypoints  float32 (N, 17, 3): x, y in pixels, and 0 where nobody knows it; where they are told
    """

    boxes: NDArray[np.float32]
    labels: NDArray[np.int32]
    areas: NDArray[np.float32]
    crowd: NDArray[np.bool_]
    keypoints: NDArray[np.float32] | None = None

    @classmethod
    def of(cls, boxes: NDArray[np.float32], labels: NDArray[np.int32]) -> TrueObjects:
        """Objects of which no more is known than box and class."""
        sides = boxes[:, 2:] - boxes[:, :2]
        return cls(boxes, labels, sides.prod(1), np.zeros(len(boxes), np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class BoxTruth:
    """Pictures by file, and the objects in each."""

    names: tuple[str, ...]
    pictures: dict[Path, TrueObjects]


@dataclass(frozen=True, slots=True, eq=False)
class ClassTruth:
    """Pictures by file, and the one class of each as an index into `names`."""

    names: tuple[str, ...]
    pictures: dict[Path, int]


def frames_of(files: Iterable[Path]) -> Iterator[Frame | Event]:
    """The pictures of these files, one each, in order.

    Raises InputError for a file that is missing or cannot be read as an image.
    """
    for file in files:
        with open_source(SourceConfig(uri=str(file))) as source:
            yield from source.frames()
