"""`sightline model evaluate`: how good is it?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from sightline.model.load import Model


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
    target: Annotated[
        Literal["onnx-float", "onnx-int8", "tflite"] | None,
        typer.Option(help="This network of the package IN, not its default."),
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
    networks = [load_model(model, target=target)]
    if against is not None:
        networks.append(load_model(against))
        networks = _apart(networks, (f"{model} {target or ''}", against))
    evaluations = []
    for network in networks:
        subject = subject_of(network, decoder=decoder, labels=names)
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


def _apart(networks: list[Model], refs: tuple[str, str]) -> list[Model]:
    """Two networks of one name, such as both forms of it, go by their files' names."""
    if networks[0].name != networks[1].name:
        return networks
    return [
        replace(network, name=Path(ref).name.strip())
        for network, ref in zip(networks, refs, strict=True)
    ]
