"""All that does not move of one scene at one size: the room, its furniture, and the shelf."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.picture.opencv import opencv
from sightline.source.rendering import entrance
from sightline.source.rendering.compositor import CELLS, MARGIN, Occluder, Weights
from sightline.source.rendering.drawing import Drawing, Image, paint, stamp
from sightline.source.rendering.entrance import FRONT, ROOM, SHELF, VIEW
from sightline.source.rendering.light import Light
from sightline.source.rendering.shelf import Stock

_LIGHT_STEP = 1 / 128  # the picture is made anew when the light has changed by this much
_FAR_M = 30.0
_WHITE = (1e6, 1e6, 1e6)


class Backdrop:
    """The still picture, kept until light or shelf change, and what in it hides people."""

    def __init__(self, size: tuple[int, int], stock: Stock) -> None:
        self._size, self._stock = size, stock
        self._furniture = entrance.furniture()
        self._rooms: dict[int, Image] = {}
        self._still: Image | None = None
        self._still_of: tuple[float, bytes] | None = None
        self._shelf = SHELF.draw(VIEW, stock)
        self._shelf_of = stock.count.tobytes()
        self.occluders = self._all_occluders()

    def still(self, light: Light) -> Image:
        """The picture uint8 (H, W, 3); it belongs to the backdrop, so copy it to paint on."""
        level = round(light.level / _LIGHT_STEP) * _LIGHT_STEP
        count = self._stock.count.tobytes()
        if self._still is None or self._still_of != (level, count):
            if count != self._shelf_of:
                self._shelf, self._shelf_of = SHELF.draw(VIEW, self._stock), count
            self._still, self._still_of = self._blend(level), (level, count)
            shade = ROOM.shades([SHELF.point(0.5, 0.3)], light)[0].tolist()
            paint(self._still, self._shelf, shade)
        return self._still

    def _blend(self, level: float) -> Image:
        low, share = divmod(level, 1)
        room = self._room(int(low))
        if share == 0:
            return room.copy()
        mixed: Image = opencv().addWeighted(room, 1 - share, self._room(int(low) + 1), share, 0)
        return mixed

    def _room(self, key: int) -> Image:
        if key not in self._rooms:
            room = ROOM.paint(VIEW, *self._size, key)
            for base, drawing in self._furniture:
                x, y = np.mean(base, axis=0).tolist()
                paint(room, drawing, ROOM.shades([(x, y)], Light(float(key)))[0].tolist())
            self._rooms[key] = room
        return self._rooms[key]

    def _all_occluders(self) -> list[Occluder]:
        eye = float(VIEW.position[0]), float(VIEW.position[1])
        near, far = FRONT.y - 0.01, FRONT.y
        line = [(-_FAR_M, near), (_FAR_M, near), (_FAR_M, far), (-_FAR_M, far)]
        glass = ROOM.opacity(VIEW, *self._size)
        cells = np.pad(ROOM.opacity(VIEW, *CELLS) > 0.5, MARGIN, mode="edge")
        return [
            Occluder(line, eye, glass, cells),
            *(
                Occluder(base, eye, self._cover(drawing), _cells(drawing))
                for base, drawing in ((SHELF.base(), self._shelf), *self._furniture)
            ),
        ]

    def _cover(self, drawing: Drawing) -> Weights:
        width, height = self._size
        canvas = np.zeros((height, width, 3), np.uint8)
        paint(canvas, drawing, _WHITE)
        return canvas[..., 0].astype(np.float32) / np.float32(255)


def _cells(drawing: Drawing) -> NDArray[np.bool_]:
    mask = np.zeros((CELLS[1] + 2 * MARGIN, CELLS[0] + 2 * MARGIN), np.uint8)
    stamp(mask, drawing, 1, MARGIN)
    return mask.astype(np.bool_)
