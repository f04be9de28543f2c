"""How full the cells of a shelf are: the picture of its front against one of the full shelf."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sightline.errors import InputError
from sightline.geometry.warp import STILL, Matrix, warped
from sightline.picture import Picture
from sightline.picture.opencv import opencv
from sightline.picture.rgb import RgbPicture

Array = NDArray[np.float32]

STRIPS = 8  # across a cell; each holds goods or does not
_CELL = (16, 12)  # pixels of a cell, looked at straight from the front
_WIDEST = 320  # pixels of the part of the picture that is looked at
_LEARN = 6  # looks that make the reference where none is given
_ROUNDS = 3  # of the fit of light
_SPARSE = 5  # every so manyth pixel tells of the light
_STIFF = np.diag([20, 2e4, 2e4]).astype(np.float32)  # against a plane that is hardly told
_CHANGED = 26.0  # of 255: more is no matter of light
_MOST_OF = 0.34  # of a strip's height that must have changed: goods are not as high as their cell
_STRAY = 24.0  # of 255: nearer to other goods than this is them
_OTHER = 34.0  # goods that differ by less cannot be told apart
_GOODS = slice(5, 11)  # rows of a cell in which goods stand, whatever their height

_Corners = Sequence[tuple[float, float]]


class ShelfProbe:
    """Fill of each cell, row by row, and then the share of each that holds goods of another.

    corners    of the front of all cells on the picture: top left, top right, and below, right first
    reference  a picture file of the full shelf; None: it is full when the camera starts
    Light may change, also from one side: its plane is fitted first, from what has not changed.
    Raises InputError for a reference that cannot be read.
    """

    def __init__(
        self,
        name: str,
        corners: _Corners,
        rows: int,
        columns: int,
        reference: str | None = None,
        every_s: float = 0.5,
    ) -> None:
        self.name = f"shelf.{name}"
        self.every_s = every_s
        self._corners = np.array(corners, np.float64)
        self._grid = rows, columns
        height, width = rows * _CELL[1], columns * _CELL[0]
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        plane = [np.ones_like(x), x / width - 0.5, y / height - 0.5]
        self._plane = np.stack(plane, -1).reshape(-1, 3)
        self._light = np.array([[1, 1, 1], [0, 0, 0], [0, 0, 0]], np.float32)
        self._first: list[Array] = []
        self._full: Array | None = None
        self._goods: Array = np.empty((0, 3), np.float32)
        if reference is not None:
            self._learn(self._front(_read(reference), STILL))

    def look(self, picture: Picture, moved: Matrix) -> Sequence[float]:
        """Fills and strays, each 0..1; nothing while the reference is being learned."""
        front = self._front(picture, moved)
        if self._full is None:
            self._first.append(front)
            if len(self._first) < _LEARN:
                return ()
            self._learn(np.median(np.array(self._first), axis=0).astype(np.float32))
        even = self._even(front)
        assert self._full is not None
        gap = np.abs(even - self._full).max(axis=2)
        changed = self._cells(gap > _CHANGED).mean(axis=2) > _MOST_OF  # cells, strips
        strays = changed & self._belongs_elsewhere(even)
        fill, stray = 1 - changed.mean(axis=1), strays.mean(axis=1)
        return [*fill.tolist(), *stray.tolist()]

    def _learn(self, front: Array) -> None:
        self._full = front
        self._goods = self._colours(front).mean(axis=1)

    def _front(self, picture: Picture, moved: Matrix) -> Array:
        """The cells' front as if looked at straight, float32 (height, width, 3)."""
        cv2 = opencv()
        corners = warped(moved, self._corners) * [picture.width, picture.height]
        low = np.floor(corners.min(axis=0)).clip(0, [picture.width - 2, picture.height - 2])
        high = np.ceil(corners.max(axis=0)).clip(low + 2, [picture.width, picture.height])
        (x, y), (width, height) = low.astype(int).tolist(), (high - low).astype(int).tolist()
        scale = min(1.0, _WIDEST / width)
        size = max(2, round(width * scale)), max(2, round(height * scale))
        part = np.empty((size[1], size[0], 3), np.uint8)
        picture.resized((x, y, width, height), size, part)
        rows, columns = self._grid
        across, down = columns * _CELL[0], rows * _CELL[1]
        there = np.array([(0, 0), (across, 0), (across, down), (0, down)], np.float32)
        here = ((corners - low) * np.array(size) / [width, height]).astype(np.float32)
        matrix = cv2.getPerspectiveTransform(here, there)
        straight: Array = cv2.warpPerspective(part, matrix, (across, down)).astype(np.float32)
        return straight

    def _even(self, front: Array) -> Array:
        """The front in the light of the reference.

        For each colour a plane of gain is fitted to what has not changed, beginning with the
        plane before, so that people and empty cells do not count as a change of light.
        """
        assert self._full is not None
        every = front.reshape(-1, 3)
        now, full = every[::_SPARSE], self._full.reshape(-1, 3)[::_SPARSE]
        plane = self._plane[::_SPARSE]
        for _ in range(_ROUNDS):
            off = np.abs(now - (plane @ self._light) * full).max(axis=1)
            trusted = off < max(_CHANGED, float(np.median(off)))
            if np.count_nonzero(trusted) < len(now) // 8:
                break
            for colour in range(3):
                basis = plane[trusted] * full[trusted, colour, None]
                square = basis.T @ basis + _STIFF
                goal = basis.T @ now[trusted, colour]
                self._light[:, colour] = np.linalg.solve(square, goal)
        even = every / np.maximum(self._plane @ self._light, np.float32(0.05))
        return np.asarray(even, np.float32).reshape(front.shape)

    def _cells(self, values: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(height, width) as cells, strips, and what is in them."""
        rows, columns = self._grid
        wide = _CELL[0] // STRIPS
        parts = values.reshape(rows, _CELL[1], columns, STRIPS, wide)
        cells: NDArray[np.bool_] = parts.transpose(0, 2, 3, 1, 4).reshape(
            rows * columns, STRIPS, -1
        )
        return cells

    def _colours(self, front: Array) -> Array:
        """Mean colour (cells, strips, 3) of where goods stand."""
        rows, columns = self._grid
        wide = _CELL[0] // STRIPS
        parts = front.reshape(rows, _CELL[1], columns, STRIPS, wide, 3)[:, _GOODS]
        colours: Array = parts.mean(axis=(1, 4)).reshape(rows * columns, STRIPS, 3)
        return colours

    def _belongs_elsewhere(self, even: Array) -> NDArray[np.bool_]:
        """Which strips (cells, strips) look like goods of another cell, and not like their own."""
        here = self._colours(even)[:, :, None]
        away = np.abs(here - self._goods).max(axis=3)
        apart = np.abs(self._goods[:, None] - self._goods).max(axis=2) > _OTHER
        nearest: NDArray[np.bool_] = np.where(apart[:, None], away, np.inf).min(axis=2) < _STRAY
        return nearest


def _read(path: str) -> Picture:
    cv2 = opencv()
    data = np.fromfile(path, np.uint8) if Path(path).is_file() else None
    pixels = None if data is None or not len(data) else cv2.imdecode(data, cv2.IMREAD_COLOR)
    if pixels is None:
        raise InputError(f"{path}: is no picture of the full shelf; name a .jpg or .png")
    return RgbPicture(np.ascontiguousarray(pixels[:, :, ::-1]))
