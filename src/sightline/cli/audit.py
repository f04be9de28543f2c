"""`sightline audit`: a person counts as well, and the intervals learn from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sightline.camera.audit import Counted
    from sightline.twin.config import CameraConfig


def audit(
    metadata: Annotated[str, typer.Argument(help="A recording with tracks of the camera.")],
    config: Annotated[
        Path | None, typer.Option(metavar="camera.yaml", help="With lines, zones and classes.")
    ] = None,
    line: Annotated[
        list[str] | None, typer.Option(metavar="NAME:X1,Y1,X2,Y2", help="Count at a line, too.")
    ] = None,
    zone: Annotated[
        list[str] | None, typer.Option(metavar="NAME:X1,Y1,X2,Y2,…", help="And at a zone.")
    ] = None,
    begin: Annotated[
        str, typer.Option(metavar="10min", help="Where the replay begins in the recording.")
    ] = "0s",
    length: Annotated[str, typer.Option(metavar="5min", help="How long it is.")] = "5min",
    video: Annotated[
        str | None,
        typer.Option(metavar="replay.mp4", help="Write the replay: moving boxes, and no picture."),
    ] = None,
    counted: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME.in=N", help="What you counted; without it you are asked."),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Add the audits to the --config file.")
    ] = False,
    size: Annotated[
        str | None, typer.Option(metavar="WxH", help="Picture size, where it is not inside (mot).")
    ] = None,
    fps: Annotated[
        float | None, typer.Option(min=0.001, help="Pictures a second of a file without. [30]")
    ] = None,
) -> None:
    """Count a few minutes yourself: how right this camera's numbers are from now on.

    sightline audit shop.slp --config camera.yaml --video replay.mp4
    sightline audit shop.slp --config camera.yaml --counted door.in=12 --counted door.out=9 --write
    """
    import sys

    import yaml

    from sightline.camera.audit import between, film, with_audits
    from sightline.camera.audit import counted as numbers_of
    from sightline.cli.durations import parse_duration
    from sightline.cli.parse import parse_size
    from sightline.cli.recordings import tracked_rows
    from sightline.cli.settings import camera_configs
    from sightline.errors import ConfigError
    from sightline.model.atomic import write_atomically
    from sightline.twin.config import read_tree
    from sightline.wire.formats.open import open_reader

    if write and config is None:
        raise ConfigError("--write adds audits to a configuration: name it with --config")
    flags = {"lines": line, "zones": zone, "output.video": None, "output.preview": None}
    camera = camera_configs([metadata], config, flags)[0]
    whole = parse_size(size) if size else None
    reader = open_reader(metadata, size=whole, fps=fps)
    labels, header = list(reader.header.labels), reader.header
    aspect = header.width / header.height if header.width and header.height else 16 / 9
    rows = list(
        between(
            tracked_rows(reader, labels, metadata), parse_duration(begin), parse_duration(length)
        )
    )
    numbers = numbers_of(camera, rows, labels, aspect)
    if video:
        film(video, camera, rows, labels, aspect)
        typer.echo(f"{video}: {len(rows)} pictures of moving boxes; count along", err=True)
    found = _told(numbers, counted or [])
    if not counted and _at_a_terminal():
        found = _asked(numbers)
    if not found:
        names = ", ".join(number.name for number in numbers)
        typer.echo(f"what you may count: {names}; say it with --counted NAME=N", err=True)
        return
    _show(camera, found)
    tree = with_audits(read_tree(config) if config else {}, camera, found)
    if write and config is not None:
        text = yaml.safe_dump(tree, sort_keys=False, default_flow_style=None)
        write_atomically(config, text.encode())
        typer.echo(f"{config}: {len(found)} more audits", err=True)
        return
    kinds = {number.kind for number in found}
    part = {kind: tree[kind] for kind in tree if kind in kinds}
    sys.stdout.write(yaml.safe_dump(part, sort_keys=False, default_flow_style=None))


def _at_a_terminal() -> bool:
    import sys

    return sys.stdin.isatty()


def _told(numbers: list[Counted], texts: list[str]) -> dict[Counted, float]:
    from sightline.errors import ConfigError

    known = {number.name: number for number in numbers}
    found = {}
    for text in texts:
        name, _, count = text.rpartition("=")
        if name not in known:
            raise ConfigError(f"--counted {text}: there is no {name!r}; give {', '.join(known)}")
        if not count.isdecimal():
            raise ConfigError(f"--counted {text}: after = comes how many you counted")
        found[known[name]] = float(count)
    return found


def _asked(numbers: list[Counted]) -> dict[Counted, float]:
    found = {}
    for number in numbers:
        text = typer.prompt(f"{number.name}: how many", default="", show_default=False, err=True)
        if text.strip().isdecimal():
            found[number] = float(text)
    return found


def _show(camera: CameraConfig, found: dict[Counted, float]) -> None:
    from rich.console import Console
    from rich.table import Table

    from sightline.camera.audit import after

    table = Table("", "by you", "by us", "we said", "with this audit", box=None)
    for number, count in found.items():
        before, then = number.doubt.counts(), after(camera, number, count)
        table.add_row(
            number.name,
            f"{count:.0f}",
            f"{number.ours:.0f}",
            f"{before.low:.0f} to {before.high:.0f}",
            f"{then.low:.0f} to {then.high:.0f}",
        )
    Console(stderr=True).print(table)
