"""Float and int8 beside each other."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table
from rich.text import Text

from sightline.tuning.quantise.quantise import Quantised


def forms(result: Quantised, bound: float, path: str) -> Group:
    """What quantising cost and gained, and what to do where it cost too much."""
    table = Table(box=None)
    for column in ("", "float", "int8", "int8 / float"):
        table.add_column(column, justify="left" if not column else "right")
    before, after = result.before, result.after
    table.add_row(result.measure, f"{before.score:.4f}", f"{after.score:.4f}",
                  f"{after.score - before.score:+.4f}")  # fmt: skip
    table.add_row("MB", f"{before.bytes / 1e6:.2f}", f"{after.bytes / 1e6:.2f}",
                  f"{after.bytes / before.bytes:.2f}")  # fmt: skip
    table.add_row("ms, one thread", f"{before.ms:.1f}", f"{after.ms:.1f}",
                  f"{after.ms / before.ms:.2f}")  # fmt: skip
    lines = [Text(f"{path}: {'int8' if result.faster else 'float'} is the default, the faster one")]
    if result.left_float:
        names = ", ".join(result.left_float[:6]) + (", …" if len(result.left_float) > 6 else "")
        lines.append(
            Text(f"{len(result.left_float)} of {result.layers} layers stay float: {names}")
        )
    if not result.kept:
        lines.append(
            Text(
                f"The loss is above {bound:g}, and more float layers would not help: try more "
                "pictures, or pictures like those that the network will see.",
                style="yellow",
            )
        )
    return Group(table, *lines)
