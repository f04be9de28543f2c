"""Masks that hold class numbers, and pictures that do not."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from sightline.errors import InputError
from sightline.tuning.truth.masks import read_mask, read_masks

NUMBERS = np.array([[0, 3, 3], [255, 0, 0]], np.uint8)


def test_grey_and_palette_hold_the_same_numbers(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "grey.png"), NUMBERS)
    indexed = Image.fromarray(NUMBERS).convert("P")
    indexed.putpalette(list(range(256)) * 3)
    indexed.putdata(NUMBERS.reshape(-1).tolist())
    indexed.save(tmp_path / "palette.png")
    for name in ("grey.png", "palette.png"):
        assert read_mask(tmp_path / name, (3, 2)).tolist() == NUMBERS.tolist()


def test_pictures_and_masks_go_by_name(tmp_path: Path) -> None:
    for name in ("images/a.jpg", "images/b.jpg", "masks/b.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / name), NUMBERS)
    pairs = read_masks(tmp_path / "masks", tmp_path / "images")
    assert pairs == {tmp_path / "images/b.jpg": tmp_path / "masks/b.png"}
    (tmp_path / "masks/b.png").unlink()
    with pytest.raises(InputError, match="no mask there"):
        read_masks(tmp_path / "masks", tmp_path / "images")


def test_what_is_no_mask_is_named(tmp_path: Path) -> None:
    path = tmp_path / "m.png"
    cv2.imwrite(str(path), np.zeros((2, 3, 3), np.uint8))
    with pytest.raises(InputError, match=r"m\.png: holds colours"):
        read_mask(path, (3, 2))
    cv2.imwrite(str(path), NUMBERS)
    with pytest.raises(InputError, match=r"is 3x2, its picture 9x9"):
        read_mask(path, (9, 9))
    path.write_bytes(b"junk")
    with pytest.raises(InputError, match="cannot be read as an image"):
        read_mask(path, (3, 2))
