"""`sightline calibrate`: where a camera sees the floor, in metres."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sightline.analytics.floor import GroundConfig
    from sightline.geometry.heights import Heights


def calibrate(
    tracks: Annotated[
        str | None,
        typer.Argument(help="A recording with people on foot: their heights tell the floor."),
    ] = None,
    point: Annotated[
        list[str] | None,
        typer.Option(
            metavar="x,y=X,Y",
            help="Known instead: a point on the picture (fractions) and its place in metres; "
            "four or more.",
        ),
    ] = None,
    error: Annotated[
        float, typer.Option(min=0, max=0.5, help="How well points are known on the picture.")
    ] = 0.005,
    person: Annotated[
        float, typer.Option(min=0.3, max=3, help="How tall people are on average, in metres.")
    ] = 1.7,
    classes: Annotated[
        str, typer.Option(metavar="A,B", help="Who stands upright on the floor.")
    ] = "person",
    at: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y,DEGREES",
            help="Where the camera hangs on the plan and where it looks, clockwise from up.",
        ),
    ] = None,
    camera: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its name in the plan. [the recording's]")
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(metavar="plan.yaml", help="Write it into this plan, which need not exist."),
    ] = None,
) -> None:
    """Find where a camera sees the floor, and say how sure that is.

    sightline calibrate shop.slp
    sightline calibrate --point 0.05,0.95=0,0 --point 0.95,0.95=4,0 --point 0.7,0.35=4,6 \
--point 0.3,0.35=0,6
    """
    import sys

    import yaml

    from sightline.errors import ConfigError

    if (tracks is None) == (point is None):
        raise ConfigError("give either a recording with people or four known --point")
    if tracks is not None:
        heights, name = _seen(tracks, set(classes.split(",")), person)
        ground = _configured(heights, at)
        _tell(heights)
    else:
        if at is not None:
            raise ConfigError("--at places what people's heights told; points say it themselves")
        ground, name = _known(point or [], error), "camera"
    _tell_errors(ground)
    tree = ground.model_dump(mode="json")
    if plan is not None:
        _write(plan, camera or name, tree)
    else:
        sys.stdout.write(yaml.safe_dump({"ground": tree}, sort_keys=False, default_flow_style=None))


def _seen(tracks: str, classes: set[str], person_m: float) -> tuple[Heights, str]:
    from sightline.analytics.calibration import from_people
    from sightline.cli.recordings import tracked_rows
    from sightline.errors import InputError
    from sightline.wire.formats.open import open_reader

    reader = open_reader(tracks)
    header = reader.header
    labels = list(header.labels)
    aspect = header.width / header.height if header.width and header.height else 1.0
    rows = tracked_rows(reader, labels, tracks)
    try:
        found = from_people(rows, labels, aspect, classes, person_m)
    except ValueError as error:
        raise InputError(f"{tracks}: {error}") from None
    return found, header.camera or Path(tracks).stem


def _configured(heights: Heights, at: str | None) -> GroundConfig:
    from sightline.analytics.calibration import ground_of
    from sightline.errors import ConfigError

    if at is None:
        return ground_of(heights)
    try:
        x, y, degrees = (float(part) for part in at.split(","))
    except ValueError:
        raise ConfigError(f"--at {at}: give three numbers: X,Y,DEGREES") from None
    return ground_of(heights, (x, y, degrees))


def _known(points: list[str], error: float) -> GroundConfig:
    from sightline.analytics.calibration import from_points
    from sightline.errors import ConfigError

    try:
        halves = [point.split("=") for point in points]
        picture, floor = ([_pair(half) for half in side] for side in zip(*halves, strict=True))
    except ValueError:
        raise ConfigError("a --point is x,y=X,Y: fractions of the picture, then metres") from None
    return from_points(picture, floor, error)


def _pair(text: str) -> tuple[float, float]:
    x, y = text.split(",")
    return float(x), float(y)


def _tell(heights: Heights) -> None:
    from math import degrees

    from rich.console import Console

    view = heights.view_degrees
    Console(stderr=True, highlight=False).print(
        f"camera {heights.height_m:.2f} m above the floor, give or take "
        f"{heights.height_error_m:.2f}; looks {degrees(heights.tilt):.0f}° down, give or take "
        f"{degrees(heights.tilt_error):.0f}°; sees {view:.0f}° from top to bottom, give or take "
        f"{view * heights.focal_error / heights.focal:.0f}°\n"
        f"from {heights.people} boxes; under it people's heights differ by {heights.scatter:.0%}; "
        f"distances on the floor are good to {heights.relative:.0%}"
    )


def _tell_errors(ground: GroundConfig) -> None:
    from rich.console import Console

    from sightline.analytics.calibration import accuracy

    sure = accuracy(ground)
    Console(stderr=True, highlight=False).print(
        f"standard error of a place: {sure.best_m:.2f} m where it is best known, "
        f"{sure.worst_m:.2f} m where worst; of a short distance: {sure.distance:.0%} at most"
    )


def _write(path: Path, camera: str, ground: dict[str, Any]) -> None:
    import numpy as np
    import yaml
    from rich.console import Console

    from sightline.model.atomic import write_atomically
    from sightline.twin.config import read_tree

    tree: dict[str, Any] = read_tree(path) if path.exists() else {"name": path.stem}
    tree.setdefault("cameras", {})[camera] = ground
    if "size" not in tree:
        floor = np.array(ground["floor"])
        tree["origin"] = np.floor(floor.min(axis=0)).tolist()
        tree["size"] = (np.ceil(floor.max(axis=0)) - tree["origin"]).tolist()
    text = yaml.safe_dump(tree, sort_keys=False, default_flow_style=None)
    write_atomically(path, text.encode())
    Console(stderr=True).print(f"{path}: camera {camera} is on the plan")
