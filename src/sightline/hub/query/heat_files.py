"""Heat maps as files that other programs read."""

from __future__ import annotations

import csv
import io

import numpy as np

from sightline.hub.query.floor_heat import FloorHeat
from sightline.hub.query.heat import HeatMap

_HEAD = ("row", "column", "x", "y", "seconds", "flow_x", "flow_y")


def as_csv(found: HeatMap) -> tuple[str, str]:
    """A row a cell, with its middle: in metres from the plan's upper left corner, or in fractions
    of the picture."""
    step_x, step_y = _steps(found)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_HEAD)
    for row, (cells, flows) in enumerate(zip(found.cells, found.flow, strict=True)):
        for column, (seconds, (x, y)) in enumerate(zip(cells, flows, strict=True)):
            middle = round((column + 0.5) * step_x, 4), round((row + 0.5) * step_y, 4)
            writer.writerow([row, column, *middle, seconds, x, y])
    return file.getvalue(), "text/csv; charset=utf-8"


def as_npz(found: HeatMap) -> tuple[bytes, str]:
    """`presence` (rows, columns) and `flow` (rows, columns, 2); of plans also `cell_m`."""
    shape = (found.rows, found.columns)
    arrays = {
        "presence": np.array(found.cells, np.float32).reshape(shape),
        "flow": np.array(found.flow, np.float32).reshape(*shape, 2),
    }
    if isinstance(found, FloorHeat):
        arrays["cell_m"] = np.array(found.cell_m)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue(), "application/x-npz"


def _steps(found: HeatMap) -> tuple[float, float]:
    if isinstance(found, FloorHeat):
        return found.cell_m, found.cell_m
    return 1 / found.columns, 1 / max(found.rows, 1)
