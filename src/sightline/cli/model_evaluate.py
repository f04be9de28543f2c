"""`sightline model evaluate`: how good is it?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    model: Annotated[
        str, typer.Argument(metavar="IN", help="An .slm, .onnx or .tflite, or a name.")
    ],
    data: Annotated[
        Path,
        typer.Option(
            metavar="FILE|DIR",
            help="COCO's JSON, a folder of YOLO labels, a folder of a folder a class, or "
            "MOTChallenge's gt.txt.",
        ),
    ],
    images: Annotated[
        Path | None,
        typer.Option(metavar="DIR|VIDEO", help="Where the pictures are. [in --data]"),
    ] = None,
    against: Annotated[
        str | None, typer.Option(metavar="OTHER", help="Another network, on the same data.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="OUT.html", help="A page with curves and matrices.")
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="OUT.json", help="The figures, for programs ('-': here).")
    ] = None,
    decoder: Annotated[
        str | None, typer.Option(metavar="FAMILY", help="How to read what the network puts out.")
    ] = None,
    labels: Annotated[
        str | None, typer.Option(metavar="FILE|SET", help="Class names of the network.")
    ] = None,
    iou: Annotated[
        float, typer.Option(min=0, max=1, help="Boxes that overlap more are one.")
    ] = 0.65,
) -> None:
    """Measure accuracy: AP for boxes, top-1 and top-5 for classes, HOTA for tracks."""
    from rich.console import Console

    from sightline.cli.model_counting import counting
    from sightline.cli.model_scores import as_json, scores
    from sightline.model.atomic import write_atomically
    from sightline.model.labels import read_labels
    from sightline.model.load import load_model
    from sightline.tuning.evaluate import DETECTION
    from sightline.tuning.evaluate import evaluate as measure
    from sightline.tuning.subject import subject_of

    config = DETECTION.model_copy(update={"iou": iou})
    names = read_labels(labels) if labels else None
    evaluations = []
    for ref in (model, against):
        if ref is not None:
            subject = subject_of(load_model(ref), decoder=decoder, labels=names)
            with counting(f"evaluate {subject.name}") as progress:
                evaluations.append(measure(subject, data, images, config=config, progress=progress))
    if report:
        from sightline.tuning.report.page import report as page

        write_atomically(report, page(evaluations).encode())
    if json and str(json) != "-":
        write_atomically(json, as_json(evaluations).encode())
    if str(json) == "-":
        typer.echo(as_json(evaluations), nl=False)
    else:
        Console().print(scores(evaluations))
