"""Where things were and which way they went: over a camera's picture, or over a floor plan."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from sightline.hub.api.access import Viewer, visible, visible_cameras
from sightline.hub.api.leaving import Leaving
from sightline.hub.api.moments import Between
from sightline.hub.api.services import Parts, Services
from sightline.hub.auth.principal import Principal
from sightline.hub.plans import records
from sightline.hub.plans.plans import placed_on
from sightline.hub.query.floor_heat import FloorHeat, fitting_cell, floor_heat
from sightline.hub.query.heat import Asked, HeatMap, heat_map
from sightline.hub.query.heat_files import as_csv, as_npz

router = APIRouter(prefix="/api/v1", tags=["history"], route_class=Leaving)

Camera = Annotated[str, Query(min_length=1, max_length=64)]
Labels = Annotated[
    list[str] | None, Query(max_length=100, description="Of these classes; else of all.")
]
Columns = Annotated[int, Query(ge=2, le=256, description="Cells across the picture.")]
Only = Annotated[
    list[str] | None, Query(alias="camera", max_length=100, description="Of these cameras alone.")
]
Cell = Annotated[
    float | None,
    Query(ge=0.05, le=1000, description="Side of a square in metres; else what fits the plan."),
]
Form = Literal["csv", "npz"]

_USUAL_S = 3600.0


@router.get("/heatmaps", summary="Where things were in a camera's picture")
async def shown(
    camera: Camera,
    who: Viewer,
    parts: Parts,
    between: Between,
    label: Labels = None,
    columns: Columns = 64,
) -> HeatMap:
    """Over the last hour of stored frames, unless a range is given. Of a range with more than
    1.5 million objects a sample is looked at."""
    name = await visible(parts, who, camera)
    asked = Asked(tuple(label or ()), *between.closed(_USUAL_S))
    return await parts.database.read(
        lambda c: heat_map(c, parts.segments, name, asked, columns), long=True
    )


@router.get("/plans/{name}/heat", summary="Where things were on a floor plan")
async def on_a_plan(
    name: str,
    who: Viewer,
    parts: Parts,
    between: Between,
    camera: Only = None,
    label: Labels = None,
    cell: Cell = None,
) -> FloorHeat:
    """The same, merged over the plan's calibrated cameras, in metres."""
    asked = Asked(tuple(label or ()), *between.closed(_USUAL_S))
    return await _merged(parts, who, name, asked, camera, cell)


@router.get("/heatmaps.{form}", summary="The same as a file", response_class=Response)
async def file(
    form: Form,
    camera: Camera,
    who: Viewer,
    parts: Parts,
    between: Between,
    label: Labels = None,
    columns: Columns = 64,
) -> Response:
    """CSV, a row a cell; or NumPy arrays `presence` and `flow`."""
    return _file(form, await shown(camera, who, parts, between, label, columns), "heat")


@router.get("/plans/{name}/heat.{form}", summary="The same as a file", response_class=Response)
async def plan_file(
    name: str,
    form: Form,
    who: Viewer,
    parts: Parts,
    between: Between,
    camera: Only = None,
    label: Labels = None,
    cell: Cell = None,
) -> Response:
    """CSV, a row a square; or NumPy arrays `presence`, `flow` and `cell_m`."""
    found = await on_a_plan(name, who, parts, between, camera, label, cell)
    return _file(form, found, "floor-heat")


async def _merged(
    parts: Services,
    who: Principal,
    name: str,
    asked: Asked,
    only: list[str] | None,
    cell: float | None,
) -> FloorHeat:
    plan = await parts.database.read(lambda c: records.shown(c, name))
    placed = placed_on(plan, await visible_cameras(parts, who))
    chosen = [one for one in placed if not only or one.camera in only]
    cell_m = fitting_cell(plan.layout.size) if cell is None else cell
    return await parts.database.read(
        lambda c: floor_heat(c, parts.segments, plan, chosen, asked, cell_m), long=True
    )


def _file(form: Form, found: HeatMap, stem: str) -> Response:
    body, media_type = as_csv(found) if form == "csv" else as_npz(found)
    headers = {"Content-Disposition": f'attachment; filename="sightline-{stem}.{form}"'}
    return Response(body, media_type=media_type, headers=headers)
