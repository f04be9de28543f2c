"""`sightline heatmap`: where people were and which way they went, as pictures and arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def heatmap(
    tracks: Annotated[
        list[str],
        typer.Argument(
            metavar="TRACKS...",
            help="A recording with tracks. Several are of the cameras of a --plan.",
        ),
    ],
    png: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Presence: where people were, how long.")
    ] = None,
    recent: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="The same with the past decaying.")
    ] = None,
    flow: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.png",
            help="Which way: right is red, down yellow-green, left cyan, up violet.",
        ),
    ] = None,
    array: Annotated[
        Path | None,
        typer.Option(metavar="FILE.npz", help="presence, recent, flow, hours, hourly for NumPy."),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(metavar="plan.yaml", help="The floor that the cameras share.")
    ] = None,
    columns: Annotated[int, typer.Option(min=2, max=512, help="Cells across.")] = 64,
    half_life: Annotated[
        str, typer.Option(metavar="15m", help="After it a stay weighs half in --recent.")
    ] = "15m",
    classes: Annotated[
        str | None, typer.Option(metavar="A,B", help="Only these classes: person")
    ] = None,
) -> None:
    """Draw where people were and which way they went, from recorded tracks.

    sightline heatmap shop.slp --png presence.png --flow flow.png --array shop.npz
    sightline heatmap door.slp till.slp --plan plan.yaml --png floor.png
    """
    import io

    import numpy as np

    from sightline.analytics.heat import Heat, HeatConfig
    from sightline.analytics.roster import Roster
    from sightline.cli.durations import parse_duration
    from sightline.cli.recordings import floor_rows, tracked_rows
    from sightline.errors import ConfigError
    from sightline.model.atomic import write_atomically
    from sightline.picture.maps import directions, warmth
    from sightline.picture.png import png as encoded
    from sightline.twin.plan import Plan
    from sightline.wire.formats.open import open_reader

    if not (png or recent or flow or array):
        raise ConfigError("nothing to write: give --png, --recent, --flow or --array")
    if len(tracks) > 1 and plan is None:
        raise ConfigError("several recordings need the --plan of the floor that they share")
    readers = [open_reader(name) for name in tracks]
    header = readers[0].header
    labels = list(header.labels)
    if plan is not None:
        whole = Plan(plan)
        aspect, rows = whole.aspect, floor_rows(tracks, readers, whole, labels)
    else:
        aspect = header.width / header.height if header.width and header.height else 1.0
        rows = tracked_rows(readers[0], labels, tracks[0])
    config = HeatConfig(
        name="heat",
        columns=columns,
        half_life_s=parse_duration(half_life),
        classes=tuple(classes.split(",")) if classes else (),
    )
    heat = Heat(config, labels, aspect, Roster(aspect))
    for time_ns, seen in rows:
        heat.update(seen, time_ns)
    maps = heat.maps()
    drawn = ((png, warmth, maps.presence), (recent, warmth, maps.recent))
    for path, draw, grid in (*drawn, (flow, directions, maps.flow * maps.presence[..., None])):
        if path is not None:
            write_atomically(path, encoded(draw(grid, max(1, 1024 // columns))))
    if array is not None:
        held = io.BytesIO()
        hourly = np.array(list(maps.hourly.values())).reshape(-1, *maps.presence.shape)
        hours = np.array(list(maps.hourly), np.int64)
        np.savez_compressed(
            held, presence=maps.presence, recent=maps.recent, flow=maps.flow, hours=hours,
            hourly=hourly,
        )  # fmt: skip
        write_atomically(array, held.getvalue())
