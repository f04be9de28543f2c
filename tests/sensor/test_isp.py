"""Where pictures land in the tensor, what numbers the network gets, and the way back."""

from typing import Literal

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.errors import ModelError
from sightline.model.recipe import Fit, InputRecipe
from sightline.picture.rgb import RgbPicture
from sightline.sensor.isp import Isp, plan

WHOLE = (0.0, 0.0, 1.0, 1.0)


def recipe(width: int = 64, height: int = 64, **given) -> InputRecipe:
    return InputRecipe(width=width, height=height, **given)


def noise(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize(
    ("fit", "source", "target"),
    [
        ("stretch", (0, 0, 200, 100), (0, 0, 64, 64)),
        ("letterbox", (0, 0, 200, 100), (0, 16, 64, 32)),
        ("letterbox_topleft", (0, 0, 200, 100), (0, 0, 64, 32)),
        ("crop", (50, 0, 100, 100), (0, 0, 64, 64)),
    ],
)
def test_each_fit(fit: Fit, source: tuple[int, ...], target: tuple[int, ...]) -> None:
    found = plan((200, 100), WHOLE, recipe(fit=fit))
    assert (found.source, found.target) == (source, target)


def test_the_reference_of_yolox_rounds_down() -> None:
    found = plan((768, 432), WHOLE, recipe(416, 416, fit="letterbox_topleft"))
    assert found.target == (0, 0, 416, 233)  # 432 * (416 / 768) is a hair below 234
    assert plan((640, 427), WHOLE, recipe(416, 416, fit="letterbox_topleft")).target[3] == 277
    assert plan((427, 640), WHOLE, recipe(416, 416, fit="letterbox_topleft")).target[2] == 277


def test_a_roi_is_a_part_of_the_sensor_image() -> None:
    found = plan((200, 100), (0.5, 0.1, 0.25, 0.5), recipe())
    assert found.source == (100, 10, 50, 50)
    place = found.placement
    assert (place.x, place.y, place.width, place.height) == pytest.approx((0.5, 0.1, 0.25, 0.5))


FITS = st.sampled_from(["stretch", "letterbox", "letterbox_topleft", "crop"])
SIZES = st.tuples(st.integers(1, 4000), st.integers(1, 3000))
PARTS = st.tuples(*[st.floats(0, 0.9)] * 2, *[st.floats(0.001, 1)] * 2)


@given(SIZES, PARTS, FITS, st.integers(8, 640), st.integers(8, 640))
def test_the_way_back_is_the_inverse(
    size: tuple[int, int], roi: tuple[float, ...], fit: Fit, width: int, height: int
) -> None:
    found = plan(size, roi, recipe(width, height, fit=fit))
    x, y, w, h = found.source
    assert 0 <= x < x + w <= size[0]
    assert 0 <= y < y + h <= size[1]
    left, top, across, down = found.target
    assert 0 <= left < left + across <= width
    assert 0 <= top < top + down <= height
    # The corners of the pixels in the tensor come back as the corners of the part.
    corners = np.array([[left, top, left + across, top + down]], np.float32)
    tensor = np.array([width, height] * 2, np.float32)
    back = found.placement.to_sensor(corners / tensor) * np.array(size * 2, np.float32)
    assert back == pytest.approx(np.array([[x, y, x + w, y + h]]), abs=max(size) * 1e-4)


def test_pixels_land_where_the_plan_says() -> None:
    isp = Isp(recipe(fit="letterbox", pad=7), "uint8", WHOLE)
    image = noise(128, 64)
    isp(RgbPicture(image))
    assert (isp.pixels[:16] == 7).all()
    assert (isp.pixels[48:] == 7).all()
    expected = cv2.resize(image, (64, 32), interpolation=cv2.INTER_LINEAR)
    assert np.array_equal(isp.pixels[16:48], expected)


def test_padding_is_renewed_when_the_size_changes() -> None:
    isp = Isp(recipe(fit="letterbox", pad=7), "uint8", WHOLE)
    wide, tall = RgbPicture(noise(128, 64)), RgbPicture(noise(64, 128))
    _, before = isp(wide)
    _, after = isp(tall)
    assert before.target != after.target
    assert (isp.pixels[:, :16] == 7).all()
    assert (isp.pixels[:, 48:] == 7).all()
    _, again = isp(tall)
    assert again is after


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
def test_padding_is_normalised_like_pixels(layout: Literal["nchw", "nhwc"]) -> None:
    given = recipe(fit="letterbox", pad=7, mean=(1, 1, 1), std=(2, 2, 2), layout=layout)
    isp = Isp(given, "float32", WHOLE)
    for size, edge in (((200, 100), (0, 5)), ((100, 200), (5, 0)), ((200, 100), (0, 5))):
        tensor, _ = isp(RgbPicture(noise(*size)))
        corner = tensor[0, :, *edge] if layout == "nchw" else tensor[0, *edge]
        assert corner.tolist() == [3, 3, 3]


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
@pytest.mark.parametrize("colour", ["rgb", "bgr"])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_floats_are_normalised_in_the_networks_order(
    layout: Literal["nchw", "nhwc"], colour: Literal["rgb", "bgr"], dtype: str
) -> None:
    mean, std = (10.0, 20.0, 30.0), (2.0, 4.0, 8.0)
    isp = Isp(recipe(layout=layout, colour=colour, mean=mean, std=std), dtype, WHOLE)
    image = noise(64, 64)
    tensor, _ = isp(RgbPicture(image))
    ordered = image if colour == "rgb" else image[:, :, ::-1]
    expected = (ordered.astype(np.float64) - mean) / std
    if layout == "nchw":
        expected = expected.transpose(2, 0, 1)
    assert tensor.dtype == dtype
    assert tensor[0] == pytest.approx(expected, rel=2e-3 if dtype == "float16" else 1e-5, abs=1e-4)


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
def test_bytes_are_the_pixels(layout: Literal["nchw", "nhwc"]) -> None:
    image = noise(64, 64)
    expected = image if layout == "nhwc" else image.transpose(2, 0, 1)
    unsigned, _ = Isp(recipe(layout=layout), "uint8", WHOLE)(RgbPicture(image))
    assert np.array_equal(unsigned[0], expected)
    signed, _ = Isp(recipe(layout=layout), "int8", WHOLE)(RgbPicture(image))
    assert np.array_equal(signed[0], expected.astype(np.int16) - 128)


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
def test_grey(layout: Literal["nchw", "nhwc"]) -> None:
    image = noise(64, 64)
    tensor, _ = Isp(recipe(layout=layout, colour="y"), "float32", WHOLE)(RgbPicture(image))
    assert tensor.shape == ((1, 1, 64, 64) if layout == "nchw" else (1, 64, 64, 1))
    weights = np.array([0.299, 0.587, 0.114])
    assert tensor.reshape(64, 64) == pytest.approx(image @ weights, abs=1)


def test_one_tensor_is_filled_again_and_again() -> None:
    isp = Isp(recipe(colour="bgr"), "float32", WHOLE)
    first, _ = isp(RgbPicture(noise(80, 60)))
    held = first.copy()
    second, _ = isp(RgbPicture(noise(80, 60, seed=1)))
    assert first is second
    assert not np.array_equal(held, second)


@pytest.mark.parametrize("dtype", ["int64", "bool", "tensor(string)"])
def test_an_input_that_no_picture_can_be(dtype: str) -> None:
    with pytest.raises(ModelError, match="no picture can be"):
        Isp(recipe(), dtype, WHOLE)
