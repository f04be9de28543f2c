"""Curves and matrices as SVG, to stand inside a page."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sightline.errors import MissingExtra
from sightline.tuning.evaluation import Evaluation
from sightline.tuning.scores.confusion import Confusion

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_CLASSES = 20
_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "sightline", "font.size": 9}


def precision_chart(evaluations: Sequence[Evaluation]) -> str:
    """Precision over recall at IoU 0.5, the mean of all classes, one line a network."""
    figure = _figure(5.2, 4.0)
    axes = figure.add_subplot()
    for evaluation in evaluations:
        axes.plot(
            np.linspace(0, 1, 101),
            evaluation.precision["all"],
            label=f"{evaluation.name} ({evaluation.metrics['AP50']:.3f})",
        )
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02))
    axes.grid(alpha=0.3)
    axes.legend()
    return _svg(figure)


def class_chart(evaluations: Sequence[Evaluation]) -> str:
    """The score of each class, best first, side by side."""
    scores = evaluations[0].classes
    names = sorted(scores, key=lambda name: -scores[name])
    figure = _figure(5.2, 0.6 + 0.2 * len(names) * max(1.0, 0.7 * len(evaluations)))
    axes = figure.add_subplot()
    height = 0.8 / len(evaluations)
    for number, evaluation in enumerate(evaluations):
        values = [evaluation.classes.get(name, 0.0) for name in names]
        axes.barh(np.arange(len(names)) + number * height, values, height, label=evaluation.name)
    axes.set_yticks(np.arange(len(names)) + 0.4 - height / 2, names)
    axes.set(xlim=(0, 1), ylim=(len(names), -0.6))
    axes.grid(axis="x", alpha=0.3)
    axes.legend(loc="lower right")
    return _svg(figure)


def confusion_chart(confusion: Confusion) -> str:
    """Rows are what is there, as parts of one; the classes that occur most, at most twenty."""
    shown = _shown(confusion)
    counts = confusion.counts[np.ix_(shown, shown)]
    parts = counts / np.maximum(confusion.counts[shown].sum(1, keepdims=True), 1)
    names = [confusion.names[place] for place in shown]
    side = 1.6 + 0.27 * len(names)
    figure = _figure(side, side)
    axes = figure.add_subplot()
    axes.imshow(parts, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="said", ylabel="true")
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if parts[row, column] > 0.5 else "black"
        number = str(counts[row, column])
        axes.text(column, row, number, ha="center", va="center", fontsize=6, color=colour)
    return _svg(figure)


def _shown(confusion: Confusion) -> list[int]:
    last = len(confusion.names) - 1
    often = np.argsort(-confusion.counts[:last].sum(1), kind="stable")[:_MOST_CLASSES]
    return [*sorted(place for place in often.tolist() if confusion.counts[place].any()), last]


def _figure(width: float, height: float) -> Figure:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtra("a report with pictures", "evaluate") from None
    return Figure(figsize=(width, height), layout="constrained")


def _svg(figure: Figure) -> str:
    from matplotlib import rc_context

    drawn = io.StringIO()
    with rc_context(_STYLE):
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return re.sub(r"^.*?(?=<svg)", "", drawn.getvalue(), flags=re.DOTALL)
