"""`sightline model check`: does it fit on the chip?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Chip(StrEnum):
    """Sensors that run networks themselves."""

    imx500 = "imx500"


def check(
    model: Annotated[str, typer.Argument(metavar="IN", help="An .slm or .onnx, or a name.")],
    target: Annotated[Chip, typer.Option(help="The chip that it is meant for.")] = Chip.imx500,
    report: Annotated[
        Path | None,
        typer.Option(metavar="MemoryReport.json", help="Of the converter: figures for certain."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    decoder: Annotated[
        str | None, typer.Option(metavar="FAMILY", help="How to read what the network puts out.")
    ] = None,
) -> None:
    """Say whether a network fits on the chip, and what to change; exit code 1 where it does not."""
    from json import dumps

    from rich.console import Console

    from sightline.cli.model_fit import as_json, lines
    from sightline.cli.model_input import package_of
    from sightline.tuning.imx500.check import check_package
    from sightline.tuning.imx500.memory_report import read_report

    verdict = check_package(package_of(model, decoder))
    exact = read_report(report) if report else None
    if json:
        typer.echo(dumps(as_json(verdict, exact), indent=2))
    else:
        console = Console(highlight=False, soft_wrap=True)
        for line in lines(verdict, exact, str(target)):
            console.print(line, markup=False)
    if not (verdict.fits and (exact is None or exact.fits)):
        raise typer.Exit(1)
