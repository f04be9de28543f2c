"""A person as a jointed figure: spheres at the joints, and the hulls between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from sightline.picture.opencv import opencv
from sightline.source.rendering.drawing import Colour, Drawing, circles
from sightline.source.rendering.projection import View
from sightline.source.rendering.skeleton import JOINTS, Posture, spheres
from sightline.source.rendering.wardrobe import Look, Rgb

# Each part is painted twice: whole in shade, then what faces the light. The lit part lies
# inside the whole one: shift and size together are one radius.
_SHADE, _LIT = 0.8, 1.08
_LIT_SHIFT, _LIT_SIZE = np.array([0.28, -0.3]), 0.58

_INDEX = {name: row for row, name in enumerate(JOINTS)}
_Recipe = tuple[tuple[str, ...], Rgb, float]  # joints, colour, how much nearer it is painted


@dataclass(frozen=True, slots=True)
class _Part:
    rows: tuple[int, ...]
    take: NDArray[np.intp]
    nearer: float
    shade: Colour
    lit: Colour


def draw_person(
    view: View, look: Look, place: tuple[float, float], heading: float, posture: Posture
) -> Drawing:
    """The figure standing at `place` (x, y in metres), facing `heading` (radians from +x)."""
    body = spheres(posture, look.build) * look.height
    centres, scale, depth = view.project(_to_world(body, place, heading))
    radii = body[:, 3] * scale
    rims = circles(centres, radii).astype(np.float32)
    lit = circles(centres + _LIT_SHIFT * radii[:, None], radii * _LIT_SIZE).astype(np.float32)
    far = depth.tolist()
    parts = _parts(look)
    order = sorted(
        parts, key=lambda part: part.nearer - sum(far[row] for row in part.rows) / len(part.rows)
    )
    convex_hull = opencv().convexHull
    drawing = Drawing()
    for part in order:
        rim = rims[part.take].reshape(-1, 2)
        outline = convex_hull(rim, returnPoints=False)[:, 0]
        drawing.add(rim[outline], part.shade)
        drawing.add(lit[part.take].reshape(-1, 2)[outline], part.lit, solid=False)
    return drawing


def _to_world(
    body: NDArray[np.float64], place: tuple[float, float], heading: float
) -> NDArray[np.float64]:
    along, aside = cos(heading), sin(heading)
    turn = np.array([[along, aside, 0], [aside, -along, 0], [0, 0, 1.0]])
    world: NDArray[np.float64] = body[:, :3] @ turn + np.array([*place, 0.0])
    return world


@lru_cache(maxsize=512)
def _parts(look: Look) -> tuple[_Part, ...]:
    return tuple(
        _Part(
            rows=(rows := tuple(_INDEX[name] for name in joints)),
            take=np.array(rows),
            nearer=nearer,
            shade=[_SHADE * value for value in colour],
            lit=[_LIT * value for value in colour],
        )
        for joints, colour, nearer in (*_body(look), *_garments(look), *_luggage(look))
    )


def _body(look: Look) -> list[_Recipe]:
    forearm = look.skin if look.short_sleeves else look.top
    calf = look.bottom if look.dress in ("trousers", "coat") else look.skin
    thigh = look.bottom if look.dress != "skirt" else look.skin
    parts: list[_Recipe] = [
        (("shoulder_l", "shoulder_r", "waist", "hip_l", "hip_r"), look.top, 0.0),
        (("neck",), look.skin, 0.0),
        (("head", "jaw"), look.skin, 0.04),
    ]
    for side in "lr":
        parts += [
            ((f"hip_{side}", f"knee_{side}"), thigh, 0.0),
            ((f"knee_{side}", f"heel_{side}"), calf, 0.0),
            ((f"heel_{side}", f"toe_{side}"), look.shoe, 0.02),
            ((f"shoulder_{side}", f"elbow_{side}"), look.top, 0.01),
            ((f"elbow_{side}", f"wrist_{side}"), forearm, 0.02),
            ((f"hand_{side}",), look.skin, 0.02),
        ]
    return parts


def _garments(look: Look) -> list[_Recipe]:
    parts: list[_Recipe] = []
    if look.dress in ("skirt", "coat"):
        colour = look.bottom if look.dress == "skirt" else look.top
        parts.append((("hip_l", "hip_r", "hem_l", "hem_r"), colour, 0.12))
    if look.apron:
        parts.append((("apron_top", "apron_low"), look.apron, 0.03))
    if look.hair_style != "none":
        parts.append((("hair",), look.hair, 0.04))
    if look.hair_style == "long":
        parts.append((("hair", "nape"), look.hair, 0.03))
    if look.hair_style == "bun":
        parts.append((("bun",), look.hair, 0.03))
    if look.hat:
        parts += [(("crown",), look.hat, 0.1), (("crown", "brim"), look.hat, 0.09)]
    return parts


def _luggage(look: Look) -> list[_Recipe]:
    if look.bag == "backpack":
        return [(("pack_top", "pack_low"), look.bag_colour, 0.02)]
    if look.bag == "shoulder":
        return [
            (("strap", "bag_a"), look.bag_colour, 0.01),
            (("bag_a", "bag_b"), look.bag_colour, 0.05),
        ]
    if look.bag == "basket":
        return [(("basket_a", "basket_b", "basket_c", "basket_d"), (186, 52, 48), 0.05)]
    return []
