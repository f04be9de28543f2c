"""Places given in metres on the floor, as the camera sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel

from sightline.geometry.ground import Ground
from sightline.geometry.visible import visible_line, visible_polygon

T = TypeVar("T", bound=BaseModel)


def placed(item: T, ground: Ground | None) -> T:
    """The same configuration with every place in fractions of the picture.

    What reaches beyond the picture is cut at its edge. Raises ValueError for a place in metres
    where the floor is not known, or that the camera does not see.
    """
    changed: dict[str, Any] = {}
    for name in type(item).model_fields:
        value = getattr(item, name)
        if isinstance(value, tuple) and any(isinstance(part, BaseModel) for part in value):
            changed[name] = tuple(placed(part, ground) for part in value)
    if getattr(item, "unit", "picture") == "metres":
        changed |= _on_picture(item, ground)
    return item.model_copy(update=changed) if changed else item


def _on_picture(item: Any, ground: Ground | None) -> dict[str, Any]:
    what = repr(item.name)
    if ground is None:
        raise ValueError(f"{what} is in metres, and nobody said where they are: give `ground`")
    changed: dict[str, Any] = {"unit": "picture"}
    for name, seen in (("polygon", visible_polygon), ("points", visible_line)):
        places: Sequence[Any] | None = getattr(item, name, None)
        if places is None:
            continue
        found = seen(ground, np.array(places))
        if found is None:
            raise ValueError(f"{what} is outside of what the camera sees; move it, or leave it out")
        changed[name] = _points(found)
    if getattr(item, "path", None) is not None:
        changed["path"] = _points(ground.to_picture(np.array(item.path)))
    return changed


def _points(found: Any) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in found)
