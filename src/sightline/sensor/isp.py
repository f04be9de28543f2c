"""Picture to input tensor: crop, resize, colour order, normalisation. As on the chip, the
tensor has eight bits first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import ModelError
from sightline.geometry.fit import Placement
from sightline.model.recipe import InputRecipe
from sightline.picture import Picture
from sightline.picture.opencv import opencv

Tensor8 = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Plan:
    """For pictures of one size: which part goes where in the tensor, in pixels."""

    source: tuple[int, int, int, int]  # x, y, width, height in the picture
    target: tuple[int, int, int, int]  # the same in the tensor
    placement: Placement


def plan(size: tuple[int, int], roi: tuple[float, ...], recipe: InputRecipe) -> Plan:
    """How pictures of `size` (width, height) get into the tensor.

    roi  x, y, width, height in fractions of the full sensor image
    """
    x, y, width, height = _pixels(size, roi)
    across, down = recipe.width, recipe.height
    left, top = 0, 0
    if recipe.fit == "crop":
        scale = min(width / across, height / down)
        wide, high = max(1, round(across * scale)), max(1, round(down * scale))
        x, y, width, height = x + (width - wide) // 2, y + (height - high) // 2, wide, high
    elif recipe.fit != "stretch":
        scale = min(across / width, down / height)
        if recipe.fit == "letterbox_topleft":  # rounds down, as YOLOX's own evaluation does
            across, down = max(1, int(width * scale)), max(1, int(height * scale))
        else:
            across, down = max(1, round(width * scale)), max(1, round(height * scale))
            left, top = (recipe.width - across) // 2, (recipe.height - down) // 2
    step_x, step_y = width / across, height / down  # picture pixels a tensor pixel
    placement = Placement(
        (x - left * step_x) / size[0],
        (y - top * step_y) / size[1],
        recipe.width * step_x / size[0],
        recipe.height * step_y / size[1],
    )
    return Plan((x, y, width, height), (left, top, across, down), placement)


def _pixels(size: tuple[int, int], roi: tuple[float, ...]) -> tuple[int, int, int, int]:
    x, y = round(roi[0] * size[0]), round(roi[1] * size[1])
    x, y = min(x, size[0] - 1), min(y, size[1] - 1)
    width, height = round(roi[2] * size[0]), round(roi[3] * size[1])
    return x, y, min(max(1, width), size[0] - x), min(max(1, height), size[1] - y)


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of each array that pictures fill; around it is padding, which stays."""

    pixels: Tensor8
    planes: Tensor8
    tensor: NDArray[Any]


class Isp:
    """Fills one tensor again and again; what `__call__` returns is valid until the next call.

    recipe  geometry and normalisation
    dtype   of the network's input: float32 and float16 are normalised, uint8 and int32 get the
            pixels, int8 the pixels less 128
    roi     x, y, width, height in fractions of the full sensor image
    """

    def __init__(self, recipe: InputRecipe, dtype: str, roi: tuple[float, ...]) -> None:
        self._recipe = recipe
        self._roi = roi
        self._size = (0, 0)
        self._plan: Plan | None = None
        channels = 1 if recipe.colour == "y" else 3
        shape = (recipe.height, recipe.width)
        self.pixels: Tensor8 = np.full((*shape, 3), recipe.pad, np.uint8)
        self._planes: Tensor8 = np.empty((channels, *shape), np.uint8)
        if dtype not in ("float32", "float16", "uint8", "int8", "int32"):
            raise ModelError(f"the network's input is {dtype}, which no picture can be")
        whole = (1, channels, *shape) if recipe.layout == "nchw" else (1, *shape, channels)
        self._tensor: NDArray[Any] = np.empty(whole, dtype)
        mean, std = (np.array(v[:channels], np.float32) for v in (recipe.mean, recipe.std))
        per_plane = (channels, 1, 1) if recipe.layout == "nchw" else (channels,)
        self._scale = (1 / std).reshape(per_plane)
        self._shift = (-mean / std).reshape(per_plane)
        self._signed = dtype == "int8"
        self._scaled = dtype.startswith("float") and bool((self._scale != 1).any())
        self._shifted = dtype.startswith("float") and bool(self._shift.any())

    def __call__(self, picture: Picture) -> tuple[NDArray[Any], Plan]:
        """The input tensor for `picture`, and where it lies."""
        plan_ = self._planned(picture)
        picture.resized(plan_.source, plan_.target[2:], self._part.pixels)
        self._normalise()
        return self._tensor, plan_

    def _planned(self, picture: Picture) -> Plan:
        size = (picture.width, picture.height)
        if self._plan is None or size != self._size:
            self._plan, self._size = plan(size, self._roi, self._recipe), size
            self.pixels[:] = self._recipe.pad
            self._part = self._cut((0, 0, self._recipe.width, self._recipe.height))
            self._normalise()
            self._part = self._cut(self._plan.target)
        return self._plan

    def _cut(self, rect: tuple[int, int, int, int]) -> _Part:
        left, top, width, height = rect
        rows, columns = slice(top, top + height), slice(left, left + width)
        planes, nchw = self._planes[:, rows, columns], self._recipe.layout == "nchw"
        tensor = self._tensor[0, :, rows, columns] if nchw else self._tensor[0, rows, columns]
        return _Part(self.pixels[rows, columns], planes, tensor)

    def _normalise(self) -> None:
        ordered, tensor = self._ordered(), self._part.tensor
        if self._signed:
            np.copyto(tensor, (ordered ^ 0x80).view(np.int8))
        elif self._scaled:
            np.multiply(ordered, self._scale, out=tensor, casting="same_kind")
        else:
            np.copyto(tensor, ordered)
        if self._shifted:
            np.add(tensor, self._shift, out=tensor, casting="same_kind")

    def _ordered(self) -> Tensor8:
        """The pixels in the network's colours and layout."""
        cv2 = opencv()
        pixels, planes, colour = self._part.pixels, self._part.planes, self._recipe.colour
        if colour == "y":
            cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY, dst=planes[0])
        elif self._recipe.layout == "nchw":
            cv2.split(pixels, [*planes] if colour == "rgb" else [*planes[::-1]])
        else:
            return pixels if colour == "rgb" else pixels[:, :, ::-1]
        return planes if self._recipe.layout == "nchw" else planes.transpose(1, 2, 0)
