"""`sightline evaluate-analytics`: answers held against what truly happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from sightline.camera.evaluation import Scored


def evaluate_analytics(
    recordings: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORDING...",
            help="scene:NAME?…, which is run now, or metadata or tracks in a file.",
            show_default=False,
        ),
    ],
    truth: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What truly happened: metadata with truth or events, MOTChallenge gt.txt, or "
            "JSON of counts as in a summary. [a scene's own, the recording's own]",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        str, typer.Option(metavar="FILE|NAME", help="What looks at a scene; see docs/scene.md.")
    ] = "truth",
    config: Annotated[
        Path | None,
        typer.Option(metavar="camera.yaml", help="What is asked. [what fits the scene]"),
    ] = None,
    line: Annotated[
        list[str] | None, typer.Option(metavar="NAME:X1,Y1,X2,Y2", help="Ask for a line, too.")
    ] = None,
    zone: Annotated[
        list[str] | None, typer.Option(metavar="NAME:X1,Y1,X2,Y2,…", help="Ask for a zone, too.")
    ] = None,
    size: Annotated[
        str | None, typer.Option(metavar="WxH", help="Picture size, where it is not inside (mot).")
    ] = None,
    fps: Annotated[
        float | None, typer.Option(min=0.001, help="Pictures a second of a file without. [30]")
    ] = None,
    exact: Annotated[
        bool | None,
        typer.Option(
            help="Believe every box and identity of the file. [ground truth: yes, else no]",
            show_default=False,
        ),
    ] = None,
    within: Annotated[
        str, typer.Option(metavar="2s", help="Instants that differ by no more are the same.")
    ] = "2s",
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Tables for a page instead of for the terminal.")
    ] = False,
) -> None:
    """How right the analytics are: precision, recall and count error, each by name.

    sightline evaluate-analytics 'scene:factory?seconds=600&fps=10'
    sightline evaluate-analytics tracks.txt --truth gt.txt --size 1920x1080 --line door:0.5,0,0.5,1
    """
    from sightline.camera.evaluation import judge
    from sightline.cli.durations import parse_duration
    from sightline.cli.parse import parse_line, parse_size, parse_zone
    from sightline.twin.config import read_tree

    asked = read_tree(config) if config else {}
    for key, parse, texts in (("lines", parse_line, line), ("zones", parse_zone, zone)):
        if texts:
            asked[key] = [*(asked.get(key) or []), *(parse(text).model_dump() for text in texts)]
    for recording in recordings:
        scored = judge(
            recording,
            truth,
            asked,
            model=model,
            within_s=parse_duration(within),
            size=parse_size(size) if size else None,
            fps=fps,
            exact=exact,
        )
        _show(recording, scored, markdown)


def _show(recording: str, scored: Scored, markdown: bool) -> None:
    from rich.console import Console

    console = Console()
    if markdown:
        typer.echo(_markdown(scored))
        return
    for table in _tables(recording, scored):
        console.print(table)


_EVENTS = ("event", "of", "found", "true", "precision", "recall", "late, s", "values")
_COUNTS = ("count", "ours", "true", "error")


def _rows(scored: Scored) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    events: list[tuple[str, ...]] = [
        (
            one.kind,
            one.name,
            str(one.found),
            str(one.true),
            f"{one.precision:.3f}",
            f"{one.recall:.3f}",
            f"{one.late_s:+.2f}",
            f"{one.value} off by {one.wrong:.1%}" if one.value else "",
        )
        for one in scored.events
    ]
    counts: list[tuple[str, ...]] = [
        (one.what, f"{one.counted:g}", f"{one.true:g}", f"{one.error:.1%}") for one in scored.counts
    ]
    return events, counts


def _tables(recording: str, scored: Scored) -> list[Table]:
    from rich.table import Table

    tables = []
    for heads, rows in zip((_EVENTS, _COUNTS), _rows(scored), strict=True):
        if rows:
            table = Table(*heads, title=recording, title_justify="left", box=None)
            table.columns[0].no_wrap = True
            for row in rows:
                table.add_row(*row)
            tables.append(table)
    return tables


def _markdown(scored: Scored) -> str:
    lines = []
    for heads, rows in zip((_EVENTS, _COUNTS), _rows(scored), strict=True):
        if rows:
            lines += [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
            lines += [f"| {' | '.join(row)} |" for row in rows] + [""]
    return "\n".join(lines)
