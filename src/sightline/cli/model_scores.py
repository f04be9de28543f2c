"""What was measured, as a person reads it and as programs do."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from sightline.tuning.evaluation import Evaluation


def scores(evaluations: Sequence[Evaluation]) -> Group:
    """One column a network; of two also the difference."""
    table = Table(box=None)
    table.add_column(f"{evaluations[0].data}, {evaluations[0].pictures} pictures")
    for item in evaluations:
        table.add_column(escape(item.name), justify="right")
    if len(evaluations) == 2:
        table.add_column("difference", justify="right")
    for metric in evaluations[0].metrics:
        values = [item.metrics.get(metric) for item in evaluations]
        row = ["" if value is None else f"{value:.4f}" for value in values]
        if len(values) == 2 and values[0] is not None and values[1] is not None:
            row.append(f"{values[0] - values[1]:+.4f}")
        table.add_row(metric, *row)
    notes = [Text(f"{item.name}: {note}") for item in evaluations for note in item.notes]
    return Group(table, *notes)


def as_json(evaluations: Sequence[Evaluation]) -> str:
    """The figures of the first network; those of the other one under "against"."""
    page = evaluations[0].to_json()
    if len(evaluations) == 2:
        page["against"] = evaluations[1].to_json()
    return json.dumps(page, indent=2, ensure_ascii=False) + "\n"
