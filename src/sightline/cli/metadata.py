"""`sightline metadata`: recordings of metadata from one format to another."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

app = typer.Typer(help="Read and convert recordings of metadata.", no_args_is_help=True)

Size = Annotated[
    str | None, typer.Option(help="Picture size WxH, for a recording that does not hold it (mot).")
]
Fps = Annotated[
    float | None,
    typer.Option(help="Pictures a second, for a recording that does not hold it (mot)."),
]


@app.command()
def decode(
    file: Annotated[str, typer.Argument(help="A recording in any format; - for standard input.")],
    out: Annotated[
        str, typer.Option("--out", "-o", help="Where to write it; - for standard output.")
    ] = "-",
    size: Size = None,
    fps: Fps = None,
) -> None:
    """Show a recording as JSON Lines."""
    _copy(file, out, "jsonl", size, fps)


@app.command()
def convert(
    file: Annotated[str, typer.Argument(help="A recording in any format; - for standard input.")],
    out: Annotated[str, typer.Argument(help="The new file; its suffix tells the format.")],
    format: Annotated[
        str | None,
        typer.Option(
            help="jsonl, packed, mot, coco or spatial-analysis, where the suffix does not tell."
        ),
    ] = None,
    size: Size = None,
    fps: Fps = None,
) -> None:
    """Write a recording in another format."""
    _copy(file, out, format, size, fps)


def _copy(file: str, out: str, format: str | None, size: str | None, fps: float | None) -> None:
    from sightline.cli.parse import parse_size
    from sightline.wire.formats.copy import copy
    from sightline.wire.formats.open import open_reader, open_writer

    reader = open_reader(file, size=parse_size(size) if size else None, fps=fps)
    with closing(open_writer(out, format)) as writer:
        copy(reader, writer)
