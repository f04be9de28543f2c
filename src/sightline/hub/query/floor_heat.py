"""The heat maps of several cameras merged on a floor plan, in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from sightline.hub.plans.layout import Placed
from sightline.hub.plans.records import Plan
from sightline.hub.plans.sight import Mirrored, Sheet, Sight, sight
from sightline.hub.query import heat
from sightline.hub.query.heat import Asked, Grid, HeatMap, Told
from sightline.hub.refused import Refused
from sightline.hub.store.segments import Segments
from sightline.hub.twin.grounds import grounds

_STEPS = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0)
_USUAL = 80  # cells along the longer side
_MOST = 512


@dataclass(frozen=True, slots=True)
class FloorHeat(HeatMap):
    """A heat map over a plan, from its upper left corner; a square has sides of `cell_m`.

    cells    where several cameras see a square, the mean of what they saw there
    labels   as the cameras saw them, those that two saw twice
    cameras  that had something to say; `without`: those that had not, and why
    """

    cell_m: float = 1.0
    cameras: list[str] = field(default_factory=list)
    without: dict[str, str] = field(default_factory=dict)


def fitting_cell(size: tuple[float, float]) -> float:
    """The side of squares that make a plan some dozens across."""
    return next(step for step in _STEPS if step >= min(max(size) / _USUAL, _STEPS[-1]))


def floor_heat(
    connection: Connection,
    segments: Segments,
    plan: Plan,
    placed: Sequence[Placed],
    asked: Asked,
    cell_m: float,
) -> FloorHeat:
    """Of these cameras on a plan. Raises Refused for squares too small for it."""
    width, height = plan.layout.size
    columns, rows = int(np.ceil(width / cell_m)), int(np.ceil(height / cell_m))
    if max(rows, columns) > _MOST:
        raise Refused(f"cell: squares of {cell_m:g} m are too many; {_MOST} a side are the most")
    filled = heat.Squares(rows, columns, (cell_m, cell_m))
    sights, without = _sights(connection, plan, placed)
    middles = _middles(rows, columns, cell_m)
    shared, told = np.zeros(rows * columns), Told()
    heard = []
    for camera, seen in sights.items():
        before = told.frames

        def feet(boxes: NDArray[np.float32], seen: Sight = seen) -> Grid:
            return seen.on_paper(heat.anchors(boxes))

        most = heat.MOST_OBJECTS // len(sights)
        for piece, names, _, scale in heat.pieces(connection, segments, camera, asked, most, told):
            heat.lay(filled, piece, names, asked, feet, scale, told)
        if told.frames > before:
            heard.append(camera)
            shared += seen.sees(middles)
        else:
            without[camera] = "nothing is stored of it in this range"
    mean = filled.presence / np.maximum(shared, 1)
    return FloorHeat(
        rows, columns, filled.cells(shared), round(float(mean.sum()), 3), told.by_label(),
        told.frames, told.complete, filled.flow(), cell_m, heard, without,
    )  # fmt: skip


def _sights(
    connection: Connection, plan: Plan, placed: Sequence[Placed]
) -> tuple[dict[str, Sight], dict[str, str]]:
    """Those that know where they look, and why the others do not."""
    known = grounds(connection, [one.camera for one in placed])
    found: dict[str, Sight] = {}
    without: dict[str, str] = {}
    for one in placed:
        try:
            if one.camera in known:
                found[one.camera] = sight(known[one.camera], one, Sheet.of(plan.layout))
            else:
                without[one.camera] = "it is not calibrated"
        except Mirrored as error:
            without[one.camera] = str(error)
    return found, without


def _middles(rows: int, columns: int, cell_m: float) -> Grid:
    down, across = np.divmod(np.arange(rows * columns), columns)
    middles: Grid = (np.stack([across, down], axis=1) + 0.5) * cell_m
    return middles
