"""Sizes read from headers, against the encoders that wrote them."""

import struct

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.source.image_size import image_size

_KINDS = [".jpg", ".png", ".bmp", ".webp", ".tiff"]


def encoded(kind: str, width: int, height: int, options: list[int] | None = None) -> bytes:
    image = np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8)
    done, data = cv2.imencode(kind, image, options or [])
    assert done
    return bytes(data)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("size", [(1, 1), (64, 48), (333, 17)])
def test_what_opencv_writes(kind: str, size: tuple[int, int]) -> None:
    assert image_size(encoded(kind, *size)) == size


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (".jpg", [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]),
        (".webp", [cv2.IMWRITE_WEBP_QUALITY, 50]),
        (".webp", [cv2.IMWRITE_WEBP_QUALITY, 101]),
    ],
    ids=["progressive", "lossy", "lossless"],
)
def test_variants(kind: str, options: list[int]) -> None:
    assert image_size(encoded(kind, 320, 200, options)) == (320, 200)


def test_extended_webp() -> None:
    canvas = (4000 - 1).to_bytes(3, "little") + (3000 - 1).to_bytes(3, "little")
    assert image_size(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + canvas) == (4000, 3000)


def test_a_bomb_is_measured_without_being_opened() -> None:
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 2**31, 2**31)
    assert image_size(header) == (2**31, 2**31)


@pytest.mark.parametrize("kind", _KINDS)
@given(data=st.data())
def test_damaged_headers_are_survived(kind: str, data: st.DataObject) -> None:
    whole = bytearray(encoded(kind, 40, 30))
    for _ in range(data.draw(st.integers(0, 5))):
        whole[data.draw(st.integers(0, min(200, len(whole) - 1)))] = data.draw(st.integers(0, 255))
    size = image_size(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    assert size is None or len(size) == 2


@given(st.binary(max_size=200))
def test_other_bytes_are_no_image(data: bytes) -> None:
    assert image_size(b"GIF89a" + data) is None
