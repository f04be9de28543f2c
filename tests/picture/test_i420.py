"""Planes of a decoder, scaled and then converted, against converting and then scaling."""

import threading
from collections.abc import Callable

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.picture.i420 import I420Picture

Image = NDArray[np.uint8]
_NUMBERS = {"itu709": 1, "itu601": 5}


# libswscale converts to within two grey levels, and colour has half the pixels of a picture.


def painting(width: int, height: int, seed: int = 0) -> Image:
    coarse = np.random.default_rng(seed).integers(30, 220, (3, 4, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def encoded(image: Image, matrix: str = "itu601", full: bool = False) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(
        format="yuvj420p" if full else "yuv420p",
        dst_colorspace=matrix,
        dst_color_range="JPEG" if full else "MPEG",
    )
    frame.colorspace = _NUMBERS[matrix]
    frame.color_range = 2 if full else 1
    return frame


def difference(one: Image, other: Image) -> float:
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("matrix", ["itu601", "itu709"])
@pytest.mark.parametrize("full", [False, True])
def test_the_colours_come_back(matrix: str, full: bool) -> None:
    image = painting(320, 180)
    assert difference(I420Picture(encoded(image, matrix, full)).rgb(), image) < 3


def test_the_wrong_matrix_would_have_been_noticed() -> None:
    image = painting(320, 180)
    frame = encoded(image, "itu709")
    frame.colorspace = 5
    assert difference(I420Picture(frame).rgb(), image) > 4


@pytest.mark.parametrize("size", [(97, 55), (64, 36), (640, 360), (131, 177)])
def test_scaling_first_gives_what_scaling_last_would(size: tuple[int, int]) -> None:
    image = painting(320, 180)
    out = np.zeros((size[1], size[0], 3), np.uint8)
    I420Picture(encoded(image)).resized((0, 0, 320, 180), size, out)
    assert difference(out, np.asarray(cv2.resize(image, size), np.uint8)) < 3


def test_into_a_letterboxed_tensor_and_no_further() -> None:
    image = painting(320, 180)
    tensor = np.full((128, 128, 3), 114, np.uint8)
    I420Picture(encoded(image)).resized((0, 0, 320, 180), (128, 72), tensor[28:100])
    assert difference(tensor[28:100], np.asarray(cv2.resize(image, (128, 72)), np.uint8)) < 3
    assert (tensor[:28] == 114).all()
    assert (tensor[100:] == 114).all()


def test_columns_may_be_padded_too() -> None:
    image = painting(180, 320)
    tensor = np.full((128, 128, 3), 114, np.uint8)
    I420Picture(encoded(image)).resized((0, 0, 180, 320), (72, 128), tensor[:, 28:100])
    expected = np.asarray(cv2.resize(image, (72, 128)), np.uint8)
    assert difference(tensor[:, 28:100], expected) < 3
    assert (tensor[:, :28] == 114).all()


@settings(deadline=None, max_examples=40)
@given(data=st.data(), width=st.integers(17, 91), height=st.integers(17, 91))
def test_any_part_of_a_picture_with_any_size(data: st.DataObject, width: int, height: int) -> None:
    x = data.draw(st.integers(0, width - 9))
    y = data.draw(st.integers(0, height - 9))
    w = data.draw(st.integers(8, width - x))
    h = data.draw(st.integers(8, height - y))
    # Slow gradients, so that half a pixel of colour more or less does not matter.
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0] = np.linspace(40, 200, width)[None]
    image[..., 1] = np.linspace(40, 200, height)[:, None]
    image[..., 2] = 120
    out = np.empty((32, 32, 3), np.uint8)
    picture = I420Picture(encoded(image))
    assert (picture.width, picture.height) == (width, height)
    picture.resized((x, y, w, h), (32, 32), out)
    expected = np.asarray(cv2.resize(image[y : y + h, x : x + w], (32, 32)), np.uint8)
    assert difference(out, expected) < 6


def test_nothing_is_copied_and_the_frame_is_kept_alive() -> None:
    frame = encoded(painting(320, 180))
    picture = I420Picture(frame)
    plane = np.frombuffer(memoryview(frame.planes[0]), np.uint8)
    assert np.shares_memory(picture.luma, plane)
    before = picture.luma.copy()
    del frame, plane
    assert (picture.luma == before).all()


def test_two_threads_do_not_share_their_scratch() -> None:
    images = [painting(320, 180, seed) for seed in range(2)]
    pictures = [I420Picture(encoded(image)) for image in images]
    wrong: list[float] = []

    def work(image: Image, picture: I420Picture) -> Callable[[], None]:
        expected = np.asarray(cv2.resize(image, (160, 90)), np.uint8)

        def run() -> None:
            out = np.empty((90, 160, 3), np.uint8)
            for _ in range(200):
                picture.resized((0, 0, 320, 180), (160, 90), out)
                if difference(out, expected) > 5:
                    wrong.append(difference(out, expected))

        return run

    threads = [threading.Thread(target=work(*pair)) for pair in zip(images, pictures, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
