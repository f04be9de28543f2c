"""Findings as a table on the terminal and as a page of the documentation."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from benchmarks import machine
from benchmarks.base import Finding, Row, Skipped

_HEADINGS = ("claim", "ours", "beside", "theirs", "ratio", "target", "holds")
_BEGIN = "<!-- measured: what stands until the end is written by `make bench`, the rest by hand -->"
_END = "<!-- measured: the end -->"
_PAGE = """
| | |
|---|---|
| measured | {date}, load average {load:.1f} at the start |
| processor | {processor} |
| memory | {memory:.0f} GB |
| system | {system} |
| versions | {versions} |

{table}
"""
_SKIPPED = "\nNot measured here:\n\n{rows}\n"


def show(findings: Sequence[Finding]) -> None:
    """Print the table, and what was skipped and why."""
    table = Table(title="ours beside the peers'", header_style="bold")
    for heading in _HEADINGS:
        number = heading in ("ours", "theirs", "ratio", "target")
        table.add_column(heading, justify="right" if number else "left")
    for row in _rows(findings):
        style = {True: "green", False: "bold red", None: "dim"}[row.holds]
        table.add_row(*_cells(row), style=style)
    console = Console(width=None if os.isatty(1) else 130)
    console.print(table)
    for skipped in _skipped(findings):
        console.print(f"not measured: {skipped.claim}: {skipped.why}", style="yellow")


def rewritten(text: str, findings: Sequence[Finding], load: float) -> str:
    """A page with these findings in the place of those that it had; all else stays as it is.

    Raises ValueError for a page that does not say where that place is.
    """
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"the page lacks the lines {_BEGIN} and {_END}; put them back")
    return f"{before}{begin}\n{page(findings, load)}\n{end}{after}"


def page(findings: Sequence[Finding], load: float) -> str:
    """The same in Markdown, with the machine named."""
    lines = ["| " + " | ".join(_HEADINGS) + " |", "|---|--:|---|--:|--:|--:|---|"]
    lines += ["| " + " | ".join(_cells(row)) + " |" for row in _rows(findings)]
    text = _PAGE.format(
        date=datetime.now(UTC).date().isoformat(),
        load=load,
        processor=machine.processor(),
        memory=machine.memory_gb(),
        system=machine.system(),
        versions=", ".join(machine.versions()),
        table="\n".join(lines),
    )
    left_out = "\n".join(f"- {item.claim}: {item.why}" for item in _skipped(findings))
    return text + (_SKIPPED.format(rows=left_out) if left_out else "")


def _rows(findings: Sequence[Finding]) -> list[Row]:
    return [finding for finding in findings if isinstance(finding, Row)]


def _skipped(findings: Sequence[Finding]) -> list[Skipped]:
    return [finding for finding in findings if isinstance(finding, Skipped)]


def _cells(row: Row) -> tuple[str, ...]:
    bound = "≥" if row.at_least else "≤"
    return (
        row.claim,
        _number(row.ours, row.unit),
        row.peer,
        "" if row.theirs is None else _number(row.theirs, row.unit),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        "" if row.target is None else f"{bound} {row.target:.3g}",
        {True: "yes", False: "NO", None: ""}[row.holds],
    )


def _number(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 2 if value >= 0.1 or not value else 3
    return f"{value:.{digits}f} {unit}".strip()
