"""All that does not move of one scene at one size: the room, its furniture, and the shelf."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sightline.picture.opencv import opencv
from sightline.source.rendering.compositor import CELLS, MARGIN, Occluder, Weights
from sightline.source.rendering.drawing import Drawing, Image, paint, stamp
from sightline.source.rendering.light import Light
from sightline.source.rendering.scenery import Scene
from sightline.source.rendering.shelf import Stock

_LIGHT_STEP = 1 / 128  # the picture is made anew when the light has changed by this much
_BRIGHTEST = 1.15  # what faces the camera has the sun behind it
_FAR_M = 30.0
_WHITE = (1e6, 1e6, 1e6)


class Backdrop:
    """The still picture, kept until light or shelf change, and what in it hides people."""

    def __init__(self, scene: Scene, size: tuple[int, int], stock: Stock | None) -> None:
        self._scene, self._size, self._stock = scene, size, stock
        self._still: Image | None = None
        self._still_of: tuple[float, bytes] | None = None
        self._shelf, self._shelf_of = self._drawn_shelf(), self._goods()
        self.occluders = self._all_occluders()

    def still(self, light: Light) -> Image:
        """The picture uint8 (H, W, 3); it belongs to the backdrop, so copy it to paint on."""
        scene = self._scene
        level = round(light.level / _LIGHT_STEP) * _LIGHT_STEP
        goods = self._goods()
        if self._still is None or self._still_of != (level, goods):
            if goods != self._shelf_of:
                self._shelf, self._shelf_of = self._drawn_shelf(), goods
            self._still, self._still_of = self._blend(level), (level, goods)
            if scene.shelf is not None:
                shade = scene.room.shades([scene.shelf.point(0.5, 0.3)], light)[0].tolist()
                paint(self._still, self._shelf, shade)
        return self._still

    def _goods(self) -> bytes:
        return self._stock.look() if self._stock is not None else b""

    def _drawn_shelf(self) -> Drawing:
        if self._scene.shelf is None or self._stock is None:
            return Drawing()
        return self._scene.shelf.draw(self._scene.view, self._stock)

    def _blend(self, level: float) -> Image:
        low, share = divmod(level, 1)
        room = furnished(self._scene, self._size, int(low))
        if share == 0:
            return room.copy()
        mixed: Image = opencv().addWeighted(
            room, 1 - share, furnished(self._scene, self._size, int(low) + 1), share, 0
        )
        return mixed

    def _all_occluders(self) -> list[Occluder]:
        scene = self._scene
        solid = list(scene.furniture)
        if scene.shelf is not None:
            solid.insert(0, (scene.shelf.base(), self._shelf))
        return [
            *self._front(),
            *(
                Occluder(base, scene.eye, self._cover(drawing), _cells(drawing))
                for base, drawing in solid
            ),
        ]

    def _front(self) -> list[Occluder]:
        """The glass front, where there is one."""
        view, room = self._scene.view, self._scene.room
        if room.front is None:
            return []
        near, far = room.front.y - 0.01, room.front.y
        line = [(-_FAR_M, near), (_FAR_M, near), (_FAR_M, far), (-_FAR_M, far)]
        cells = np.pad(room.opacity(view, *CELLS) > 0.5, MARGIN, mode="edge")
        return [Occluder(line, self._scene.eye, room.opacity(view, *self._size), cells)]

    def _cover(self, drawing: Drawing) -> Weights:
        width, height = self._size
        canvas = np.zeros((height, width, 3), np.uint8)
        paint(canvas, drawing, _WHITE)
        return canvas[..., 0].astype(np.float32) / np.float32(255)


@lru_cache(maxsize=6)
def furnished(scene: Scene, size: tuple[int, int], key: int) -> Image:
    """The room with its furniture in one of the key lights; shared, so do not paint on it."""
    room = scene.room.paint(scene.view, *size, key)
    for base, drawing in scene.furniture:
        x, y = np.mean(base, axis=0).tolist()
        shade = np.minimum(scene.room.shades([(x, y)], Light(float(key)))[0], _BRIGHTEST)
        paint(room, drawing, shade.tolist())
    return room


def _cells(drawing: Drawing) -> NDArray[np.bool_]:
    mask = np.zeros((CELLS[1] + 2 * MARGIN, CELLS[0] + 2 * MARGIN), np.uint8)
    stamp(mask, drawing, 1, MARGIN)
    return mask.astype(np.bool_)
