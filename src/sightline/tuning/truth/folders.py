"""Ground truth as a tree: a folder a class, named for it, with its pictures."""

from __future__ import annotations

from pathlib import Path

from sightline.errors import InputError
from sightline.source.images import find_images
from sightline.tuning.truth.base import ClassTruth


def is_tree(folder: Path) -> bool:
    """Whether there are folders in this one."""
    return any(_classes(folder))


def read_tree(folder: Path) -> ClassTruth:
    """The class of every picture. Raises InputError where a class has none."""
    classes = _classes(folder)
    pictures = {
        file: number
        for number, item in enumerate(classes)
        for file in find_images(str(item))
    }  # fmt: skip
    if not pictures:
        raise InputError(f"{folder}: holds no folder with the pictures of a class")
    return ClassTruth(tuple(item.name for item in classes), pictures)


def _classes(folder: Path) -> list[Path]:
    return sorted(item for item in folder.iterdir() if item.is_dir() and item.name[0] != ".")
