"""`sightline hub backup` and `restore`: all of a hub as one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option(metavar="DIR", help="The hub's folder.")]
_DATA = Path("sightline-hub")


def backup(
    out: Annotated[Path, typer.Argument(metavar="FILE.tar", help="Written whole or not at all.")],
    data: Data = _DATA,
) -> None:
    """All that the hub keeps as one file, also while it runs; guard it like the hub itself."""
    from sightline.cli.hub_data import back_up

    size = back_up(data, out)
    typer.echo(f"{out}: {size / 1e6:.1f} MB", err=True)


def restore(
    archive: Annotated[Path, typer.Argument(metavar="FILE.tar", help="What backup wrote.")],
    data: Data = _DATA,
) -> None:
    """A hub's folder made of a backup; the folder has to be new or empty."""
    from sightline.hub.backup import restore as made

    made(archive, data)
    typer.echo(f"start it: sightline hub --data {data}", err=True)
