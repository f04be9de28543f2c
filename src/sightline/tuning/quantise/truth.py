"""The true accuracy as the measure of an int8 network, where there are labelled pictures."""

from __future__ import annotations

from pathlib import Path

from sightline.tuning.evaluate import evaluate
from sightline.tuning.quantise.agreement import Agreement
from sightline.tuning.subject import Subject


def true_accuracy(data: Path, images: Path | None) -> Agreement:
    """AP or top-1 on `data`, as `evaluate` measures it and raises."""

    def score(subject: Subject) -> float:
        metrics = evaluate(subject, data, images).metrics
        return next(iter(metrics.values()))

    return Agreement("top1" if images is None else "AP", score)
