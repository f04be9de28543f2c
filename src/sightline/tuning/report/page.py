"""One HTML page that needs no other file and no network."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from sightline.errors import MissingExtra
from sightline.tuning.evaluation import Evaluation
from sightline.tuning.report.charts import class_chart, confusion_chart, precision_chart


def report(evaluations: Sequence[Evaluation]) -> str:
    """The page about one network, or about several on the same data, side by side.

    Raises MissingExtra.
    """
    try:
        from jinja2 import Environment
        from markupsafe import Markup
    except ImportError:
        raise MissingExtra("a report", "evaluate") from None
    source = (files("sightline.tuning.report") / "page.html.j2").read_text(encoding="utf-8")
    first = evaluations[0]
    charts = []
    if all(len(item.precision) and "AP50" in item.metrics for item in evaluations):
        charts.append(("Precision and recall at IoU 0.5", precision_chart(evaluations)))
    if first.classes:
        charts.append(("Class by class", class_chart(evaluations)))
    charts += [
        (f"What {item.name} takes for what", confusion_chart(item.confusion))
        for item in evaluations
        if item.confusion is not None
    ]
    return (
        Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
        .from_string(source)
        .render(
            evaluations=evaluations,
            metrics=list(first.metrics),
            charts=[(title, Markup(svg)) for title, svg in charts],  # noqa: S704
        )
    )
