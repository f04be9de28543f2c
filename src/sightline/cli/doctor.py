"""`sightline doctor`: what this machine can do."""

from __future__ import annotations

from typing import Annotated

import typer


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show what this machine can do: engines, instruction sets, cameras, versions, and fixes."""
    from dataclasses import asdict

    from sightline.camera.checkup import check_up

    findings = list(check_up())
    if as_json:
        import json

        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
        return

    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("", "", "", "what to do"):
        table.add_column(column, overflow="fold")
    area = ""
    for finding in findings:
        if finding.area != area:
            area = finding.area
            table.add_row("", f"[bold]{area}[/]")
        mark = "[green]✓[/]" if finding.ok else "[yellow]–[/]"
        table.add_row(mark, finding.name, escape(finding.detail), escape(finding.fix))
    Console().print(table)
