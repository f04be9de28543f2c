"""Frames of a scene: its world at a time, painted in that time's light, and what is true of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sightline.source.rendering.backdrop import Backdrop
from sightline.source.rendering.compositor import Arrangement, Thing
from sightline.source.rendering.crowd import Sight
from sightline.source.rendering.drawing import Drawing, Image
from sightline.source.rendering.figure import draw_person
from sightline.source.rendering.light import Light, LightName, Noise, light_at
from sightline.source.rendering.motion import STEP_S
from sightline.source.rendering.projection import ASPECT
from sightline.source.rendering.scenery import Scene
from sightline.source.rendering.shadows import shadow
from sightline.source.rendering.trolley import draw_trolley

_STEP_NS = round(STEP_S * 1e9)
_BEFORE_STEPS = 700  # the world is this old at the first picture, so that it is not empty
_BRIGHTEST = 1.22  # what faces the camera has the sun behind it
_SUN_SHADOW = (0.9, 0.35, 0.0)  # how dark, by day, at dusk and by night
_PERSON_M, _TROLLEY_M = 0.3, 0.48

Place = tuple[float, float]


class Stage:
    """Renders one scene at one size. Times may only go forward.

    length  seconds in which a cycle of light comes round
    busy    how many people come, 1 is usual
    """

    def __init__(
        self,
        scene: Scene,
        size: tuple[int, int],
        seed: int,
        light: LightName,
        length: float | None = None,
        busy: float = 1.0,
    ) -> None:
        self._scene, self._light, self._length = scene, light, length
        self._world = scene.world(seed, busy)
        for _ in range(_BEFORE_STEPS):
            self._world.step()
        self._steps = 0
        self._noise = Noise(*size, seed)
        self._backdrop = Backdrop(scene, size, self._world.stock)

    def frame(self, time_ns: int) -> tuple[Image, dict[str, Any]]:
        """The picture uint8 (H, W, 3) RGB at a time, and its truth as plain JSON values."""
        while self._steps * _STEP_NS < time_ns:
            self._world.step()
            self._steps += 1
        share = 1 - (self._steps * _STEP_NS - time_ns) / _STEP_NS
        light = light_at(self._light, time_ns / 1e9, self._length)
        objects = _objects(self._scene, self._world.crowd.sights(share))
        things = _lit(self._scene, objects, light)
        still = self._backdrop.still(light)
        canvas = still.copy()
        moving = [*things, *self._doors(light)]
        Arrangement(moving, self._backdrop.occluders, self._scene.eye).compose(canvas, still)
        self._noise.add(canvas, light, time_ns)
        shares = Arrangement(things, self._backdrop.occluders, self._scene.eye).visible()
        told = zip(objects, shares, strict=True)
        seen = [found for item, share in told if (found := item.truth(self._scene, share))]
        return canvas, {"objects": seen, "shelf": self._world.stock.truth(), "light": light.name}

    def _doors(self, light: Light) -> list[Thing]:
        room = self._scene.room
        shade = room.shades([(0.0, room.front.y - 0.3)], light)[0].tolist()
        leaves = self._scene.leaves(self._world.doors)
        return [Thing(place, leaf, Drawing(), shade) for place, leaf in leaves]


class _Object:
    """One labelled thing of a frame."""

    def __init__(self, number: int, label: str, place: Place, drawing: Drawing,
                 radius: float, height: float) -> None:  # fmt: skip
        self.number, self.label, self.place, self.drawing = number, label, place, drawing
        self.radius, self.height = radius, height

    def truth(self, scene: Scene, visible: float) -> dict[str, Any] | None:
        """As plain JSON values; None where it is out of the picture."""
        box = np.clip(self.drawing.extent() / ([ASPECT, 1] * 2), 0, 1).round(5)
        if not (box[2:] > box[:2]).all():
            return None
        foot = scene.view.fractions(np.array([*self.place, 0.0])).round(5)
        return {
            "id": self.number,
            "label": self.label,
            "box": [round(value, 5) for value in box.tolist()],
            "foot": [round(value, 5) for value in foot.tolist()],
            "visible": round(visible, 3),
        }


def _objects(scene: Scene, sights: Sequence[Sight]) -> list[_Object]:
    view, objects = scene.view, []
    for sight in sights:
        actor = sight.actor
        figure = draw_person(view, actor.look, sight.place, sight.heading, sight.posture)
        size = _PERSON_M, actor.look.height
        objects.append(_Object(actor.number, "person", sight.place, figure, *size))
        if sight.cart and actor.trolley is not None:
            x, y, heading = sight.cart
            cart = draw_trolley(view, (x, y), heading, actor.goods)
            objects.append(_Object(actor.trolley, "trolley", (x, y), cart, _TROLLEY_M, 1.0))
    return objects


def _lit(scene: Scene, objects: Sequence[_Object], light: Light) -> list[Thing]:
    """The things as they stand in light, each with its shadow."""
    if not objects:
        return []
    room, view = scene.room, scene.view
    places = np.array([item.place for item in objects])
    shades = np.minimum(room.shades(places, light), _BRIGHTEST).tolist()
    inside = places[:, 1] < room.front.y
    dark = float(light.blend(_SUN_SHADOW))
    x, y = places.T
    suns = room.sun(x, y, np.zeros(len(places))) * inside * dark
    return [
        Thing(
            item.place,
            item.drawing,
            shadow(view, item.place, item.radius, sun, room.shadow_of(item.height)),
            shade,
        )
        for item, sun, shade in zip(objects, suns.tolist(), shades, strict=True)
    ]
