"""Ground truth as pictures: for each picture one of the same size that holds class numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sightline.errors import InputError, MissingExtra
from sightline.source.images import find_images

IGNORED = 255
_ENDINGS = (".png", ".bmp")


def is_masks(folder: Path) -> bool:
    """Whether pictures lie in this folder that can hold class numbers without loss."""
    return any(path.suffix.lower() in _ENDINGS for path in folder.iterdir())


def read_masks(folder: Path, images: Path) -> dict[Path, Path]:
    """For each picture in `images` its mask, the file of the same name in `folder`.

    Pictures without one are left out. Raises InputError where no picture has one.
    """
    masks = {
        path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in _ENDINGS
    }
    pairs = {file: masks[file.stem] for file in find_images(str(images)) if file.stem in masks}
    if not pairs:
        raise InputError(f"{folder}: no mask there has the name of a picture in {images}")
    return pairs


def read_mask(path: Path, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Class numbers uint8 (height, width); of a picture with a palette its indices.

    size  width and height that it must have
    Raises InputError and MissingExtra.
    """
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise MissingExtra("reading masks", "evaluate") from None
    try:
        with Image.open(path) as image:
            if image.mode not in ("L", "P"):
                raise InputError(
                    f"{path}: holds colours; one byte a pixel, the class number, is expected"
                )
            numbers: NDArray[np.uint8] = np.asarray(image, np.uint8)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        raise InputError(f"{path}: cannot be read as an image") from None
    if numbers.shape != size[::-1]:
        raise InputError(
            f"{path}: is {numbers.shape[1]}x{numbers.shape[0]}, its picture {size[0]}x{size[1]}"
        )
    return numbers
