"""Ground truth as COCO writes it: one JSON file with images, annotations and categories."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from sightline.errors import InputError
from sightline.tuning.truth.base import BoxTruth, TrueObjects

_POINTS = 17


class _Image(msgspec.Struct):
    id: int | str
    file_name: str


class _Category(msgspec.Struct):
    id: int
    name: str


class _Annotation(msgspec.Struct):
    image_id: int | str
    category_id: int
    bbox: tuple[float, float, float, float]
    area: float | None = None
    iscrowd: int = 0
    keypoints: list[float] = []


class _File(msgspec.Struct):
    images: list[_Image]
    annotations: list[_Annotation]
    categories: list[_Category]


def read_coco(file: Path, folder: Path) -> BoxTruth:
    """The annotated objects of every image that the file lists.

    folder  where the images lie
    Raises InputError naming the file and the field.
    """
    page = _read(file)
    index = {category.id: number for number, category in enumerate(page.categories)}
    by_image: dict[int | str, list[_Annotation]] = {image.id: [] for image in page.images}
    for number, annotation in enumerate(page.annotations):
        if annotation.category_id not in index:
            raise InputError(
                f"{file}: annotations[{number}].category_id: there is no category "
                f"{annotation.category_id}"
            )
        if annotation.image_id not in by_image:
            raise InputError(
                f"{file}: annotations[{number}].image_id: there is no image {annotation.image_id}"
            )
        by_image[annotation.image_id].append(annotation)
    names = tuple(category.name for category in page.categories)
    pictures = {
        folder / Path(image.file_name).name: _objects(by_image[image.id], index)
        for image in page.images
    }
    missing = [path for path in pictures if not path.is_file()]
    if missing:
        raise InputError(
            f"{file}: images: {len(missing)} of {len(pictures)} are not in {folder}, "
            f"the first is {missing[0].name}"
        )
    return BoxTruth(names, pictures)


def _read(file: Path) -> _File:
    try:
        page = msgspec.json.decode(file.read_bytes(), type=_File)
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: is no COCO annotation file: {error}") from None
    if not page.images or not page.categories:
        empty = "images" if not page.images else "categories"
        raise InputError(f"{file}: {empty}: is empty")
    return page


def _objects(items: list[_Annotation], index: dict[int, int]) -> TrueObjects:
    boxes = np.array([item.bbox for item in items], np.float32).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    labels = np.array([index[item.category_id] for item in items], np.int32)
    known = TrueObjects.of(boxes, labels)
    areas = [item.area for item in items]
    exact = np.array([np.nan if area is None else area for area in areas], np.float32)
    crowd = np.array([bool(item.iscrowd) for item in items], np.bool_)
    found = np.where(np.isnan(exact), known.areas, exact)
    return TrueObjects(boxes, labels, found, crowd, _keypoints(items))


def _keypoints(items: list[_Annotation]) -> NDArray[np.float32] | None:
    """Of people; zeros for who has none told, None where nobody has."""
    if not any(len(item.keypoints) == _POINTS * 3 for item in items):
        return None
    told = [item.keypoints if len(item.keypoints) == _POINTS * 3 else [0.0] * _POINTS * 3
            for item in items]  # fmt: skip
    return np.array(told, np.float32).reshape(-1, _POINTS, 3)
