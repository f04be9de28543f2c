"""Frames of a scene: its world at a time, painted in that time's light, and what is true of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sightline.source.rendering.backdrop import Backdrop
from sightline.source.rendering.chronicle import BEFORE_STEPS
from sightline.source.rendering.compositor import Arrangement, Thing
from sightline.source.rendering.crowd import Sight
from sightline.source.rendering.drawing import Drawing, Image
from sightline.source.rendering.figure import draw_person
from sightline.source.rendering.light import Light, LightName, Noise, light_at
from sightline.source.rendering.motion import STEP_S
from sightline.source.rendering.projection import ASPECT
from sightline.source.rendering.scenery import Prop, Scene, World
from sightline.source.rendering.shadows import shadow
from sightline.source.rendering.trolley import draw_trolley

_STEP_NS = round(STEP_S * 1e9)
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
        for _ in range(BEFORE_STEPS):
            self._world.step()
        self._steps = 0
        self._noise = Noise(*size, seed)
        self._backdrop = Backdrop(scene, size, self._world.stock)

    def frame(self, time_ns: int) -> tuple[Image, dict[str, Any]]:
        """The picture uint8 (H, W, 3) RGB at a time, and its truth as plain JSON values."""
        share, light = self._go_on(time_ns)
        scene, props = self._scene, self._world.props(share)
        objects = _objects(scene, self._world.crowd.sights(share), props)
        things = _lit(scene, objects, light)
        still = self._backdrop.still(light)
        canvas = still.copy()
        moving = [*things, *self._fittings(props, light)]
        Arrangement(moving, self._backdrop.occluders, scene.eye).compose(canvas, still)
        self._noise.add(canvas, light, time_ns)
        return canvas, self._truth(objects, things, light)

    def truth(self, time_ns: int) -> dict[str, Any]:
        """The truth alone, for a fraction of the work."""
        share, light = self._go_on(time_ns)
        props = self._world.props(share)
        objects = _objects(self._scene, self._world.crowd.sights(share), props)
        things = [Thing(item.place, item.drawing, Drawing(), [1.0] * 3) for item in objects]
        return self._truth(objects, things, light)

    def _go_on(self, time_ns: int) -> tuple[float, Light]:
        """Let the world come to a time; the share of its last step, and the light."""
        while self._steps * _STEP_NS < time_ns:
            self._world.step()
            self._steps += 1
        share = 1 - (self._steps * _STEP_NS - time_ns) / _STEP_NS
        return share, light_at(self._light, time_ns / 1e9, self._length)

    def _truth(
        self, objects: Sequence[_Object], things: Sequence[Thing], light: Light
    ) -> dict[str, Any]:
        shares = Arrangement(things, self._backdrop.occluders, self._scene.eye).visible()
        told = zip(objects, shares, strict=True)
        seen = [found for item, share in told if (found := item.truth(self._scene, share))]
        truth: dict[str, Any] = {"objects": seen, **self._world.truth(), "light": light.name}
        events = self._world.chronicle.told()
        if events:
            truth["events"] = events
        return truth

    def _fittings(self, props: Sequence[Prop], light: Light) -> list[Thing]:
        """What moves and belongs to the room."""
        fittings = [prop for prop in props if not prop.label]
        if not fittings:
            return []
        shades = self._scene.room.shades([(0.0, prop.place[1] - 0.24) for prop in fittings], light)
        return [
            Thing(prop.place, prop.drawing, Drawing(), shade)
            for prop, shade in zip(fittings, shades.tolist(), strict=True)
        ]


def shown(scene: Scene, world: World) -> list[dict[str, Any]]:
    """What is in the picture now, as the truth of a frame has it, without painting one: what
    hides behind something else counts as seen."""
    objects = _objects(scene, world.crowd.sights(1.0), world.props(1.0))
    return [found for item in objects if (found := item.truth(scene, 1.0))]


class _Object:
    """One labelled thing of a frame."""

    def __init__(self, number: int, label: str, place: Place, drawing: Drawing,
                 radius: float, height: float, helmet: bool | None = None) -> None:  # fmt: skip
        self.number, self.label, self.place, self.drawing = number, label, place, drawing
        self.radius, self.height, self.helmet = radius, height, helmet

    def truth(self, scene: Scene, visible: float) -> dict[str, Any] | None:
        """As plain JSON values; None where it is out of the picture."""
        box = np.clip(self.drawing.extent() / ([ASPECT, 1] * 2), 0, 1).round(5)
        if not (box[2:] > box[:2]).all():
            return None
        foot = scene.view.fractions(np.array([*self.place, 0.0])).round(5)
        told = {
            "id": self.number,
            "label": self.label,
            "box": [round(value, 5) for value in box.tolist()],
            "foot": [round(value, 5) for value in foot.tolist()],
            "visible": round(visible, 3),
        }
        return told if self.helmet is None else told | {"helmet": self.helmet}


def _objects(scene: Scene, sights: Sequence[Sight], props: Sequence[Prop]) -> list[_Object]:
    view, objects = scene.view, []
    for sight in sights:
        actor = sight.actor
        figure = draw_person(view, actor.look, sight.place, sight.heading, sight.posture)
        size = _PERSON_M, actor.look.height
        objects.append(
            _Object(actor.number, "person", sight.place, figure, *size, actor.look.helmet)
        )
        if sight.cart and actor.trolley is not None:
            x, y, heading = sight.cart
            cart = draw_trolley(view, (x, y), heading, actor.goods)
            objects.append(_Object(actor.trolley, "trolley", (x, y), cart, _TROLLEY_M, 1.0))
    objects += [
        _Object(prop.number, prop.label, prop.place, prop.drawing, prop.radius, prop.height)
        for prop in props
        if prop.label
    ]
    return objects


def _lit(scene: Scene, objects: Sequence[_Object], light: Light) -> list[Thing]:
    """The things as they stand in light, each with its shadow."""
    if not objects:
        return []
    room, view = scene.room, scene.view
    places = np.array([item.place for item in objects])
    shades = np.minimum(room.shades(places, light), _BRIGHTEST).tolist()
    suns = room.sunlit(places) * float(light.blend(_SUN_SHADOW))
    return [
        Thing(
            item.place,
            item.drawing,
            shadow(view, item.place, item.radius, sun, room.shadow_of(item.height)),
            shade,
        )
        for item, sun, shade in zip(objects, suns.tolist(), shades, strict=True)
    ]
