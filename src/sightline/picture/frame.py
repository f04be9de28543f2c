"""A picture and the moment it was taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Rect = tuple[int, int, int, int]  # x, y, width, height in pixels of the picture


class Picture(Protocol):
    """Pixels in whatever form their source has them; converted only where someone looks.

    One file per form: `RgbPicture` (an array), `I420Picture` (planes as a decoder leaves
    them, so that only the few pixels that a network sees are ever converted).
    """

    width: int
    height: int

    def rgb(self) -> Rgb:
        """The whole picture, uint8 (H, W, 3), RGB."""
        ...

    def resized(self, rect: Rect, size: tuple[int, int], out: Rgb) -> None:
        """Scale the part `rect` to `size` (width, height) into `out` uint8 (h, w, 3), RGB.

        `out` may be a view into a larger array (the letterboxed input tensor).
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a source.

    time_ns    capture time: nanoseconds since the Unix epoch from a live source, since the
               start of the recording from a recorded one
    sequence   0, 1, 2, ... counted by the source; a gap means pictures dropped or skipped
    decode_ns  what reading and decoding it took
    truth      ground truth that a rendered scene knows, as plain JSON values
    name       of the picture, where the source has names: "000000000139.jpg"
    probes     numbers that were read off it, by what they are called
    probe_ns   what reading them took
    """

    picture: Picture
    time_ns: int
    sequence: int
    decode_ns: int = 0
    truth: object | None = None
    name: str = ""
    probes: Mapping[str, tuple[float, ...]] | None = None
    probe_ns: int = 0
