"""`sightline model bench`: how fast is it, here?"""

from __future__ import annotations

from typing import Annotated

import typer


def bench(
    model: Annotated[
        str, typer.Argument(metavar="IN", help="An .slm, .onnx or .tflite, or a name.")
    ],
    runs: Annotated[int, typer.Option(min=1, help="Of each stage.")] = 50,
    size: Annotated[
        str, typer.Option(metavar="WxH", help="Of the pictures in front of the network.")
    ] = "1280x720",
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    decoder: Annotated[
        str | None, typer.Option(metavar="FAMILY", help="How to read what the network puts out.")
    ] = None,
) -> None:
    """Milliseconds a picture, by stage, engine and threads."""
    from json import dumps

    from rich.console import Console
    from rich.table import Table

    from sightline.cli.parse import parse_size
    from sightline.model.load import load_model
    from sightline.tuning.bench import bench as measure
    from sightline.tuning.subject import subject_of

    subject = subject_of(load_model(model), decoder=decoder)
    rows = list(measure(subject, parse_size(size), runs))
    if json:
        typer.echo(
            dumps({"model": subject.name, "rows": [row.to_json() for row in rows]}, indent=2)
        )
        return
    table = Table(title=f"{subject.name}: ms a picture", title_justify="left", box=None)
    for column in ("engine", "threads", "preprocess", "network", "postprocess", "total", "load s"):
        table.add_column(column, justify="left" if column == "engine" else "right")
    for row in rows:
        stages = (row.preprocess, row.network, row.postprocess, row.total)
        table.add_row(
            row.engine, str(row.threads), *(f"{ms:.2f}" for ms in stages), f"{row.load_s:.2f}"
        )
    Console().print(table)
