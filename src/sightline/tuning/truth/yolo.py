"""Ground truth as YOLO tools write it: beside each picture a text file with one box a line.

class x-centre y-centre width height        fractions of the picture
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sightline.errors import InputError
from sightline.source.image_size import image_size
from sightline.source.images import find_images
from sightline.tuning.truth.base import BoxTruth, TrueObjects

_NOT_LABELS = ("classes.txt", "labels.txt", "obj.names", "train.txt", "val.txt", "test.txt")


def is_yolo(folder: Path) -> bool:
    """Whether label files lie in this folder."""
    return any(path.name not in _NOT_LABELS for path in folder.glob("*.txt"))


def read_yolo(folder: Path, images: Path, names: tuple[str, ...]) -> BoxTruth:
    """The objects of every picture in `images`; one without a label file holds none.

    names  of the classes, where no classes.txt lies beside the labels
    Raises InputError naming the file and the line.
    """
    listed = folder / "classes.txt"
    if listed.is_file():
        names = tuple(listed.read_text(encoding="utf-8").split("\n"))
        names = tuple(name.strip() for name in names if name.strip())
    files = find_images(str(images))
    if not any((folder / f"{file.stem}.txt").is_file() for file in files):
        raise InputError(f"{folder}: no label file there belongs to a picture in {images}")
    return BoxTruth(names, {file: _objects(file, folder, len(names)) for file in files})


def _objects(picture: Path, folder: Path, classes: int) -> TrueObjects:
    with picture.open("rb") as file:
        size = image_size(file.read(1 << 20))
    if size is None:
        raise InputError(f"{picture}: cannot be read as an image")
    path = folder / f"{picture.stem}.txt"
    rows = _rows(path, classes) if path.is_file() else np.empty((0, 5), np.float32)
    half = rows[:, 3:5] / 2
    corners = np.concatenate([rows[:, 1:3] - half, rows[:, 1:3] + half], 1)
    boxes = corners * np.array(size * 2, np.float32)
    return TrueObjects.of(boxes.astype(np.float32), rows[:, 0].astype(np.int32))


def _rows(path: Path, classes: int) -> NDArray[np.float32]:
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path}: cannot be read as text") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = [float(word) for word in line.split()[:5]]
            label, *box = row
        except ValueError:
            row, label, box = [], -1.0, []
        if len(box) != 4 or not label.is_integer() or not np.isfinite(row).all():
            raise InputError(
                f"{path}: line {number}: expected a class and four fractions, found {line[:60]!r}"
            )
        if not 0 <= label < classes:
            raise InputError(
                f"{path}: line {number}: class {label:.0f}, but there are {classes} class names"
            )
        rows.append(row)
    return np.array(rows, np.float32).reshape(-1, 5)
