"""`sightline model quantize`: float to int8."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def quantize(
    model: Annotated[
        str, typer.Argument(metavar="IN", help="A float network: .slm, .onnx, or a name.")
    ],
    calibrate: Annotated[
        Path,
        typer.Option(metavar="DIR|VIDEO", help="Pictures like those that the network will see."),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="OUT.slm", help="Or OUT.onnx, without a package.")
    ],
    max_loss: Annotated[
        float,
        typer.Option(min=0, max=1, help="Layers stay float where int8 would cost more accuracy."),
    ] = 0.01,
    pictures: Annotated[
        int, typer.Option(min=1, help="At most so many, evenly out of what there is.")
    ] = 100,
    data: Annotated[
        Path | None,
        typer.Option(metavar="COCO.json", help="Bound the loss of true AP, on these pictures."),
    ] = None,
    images: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The pictures of --data.")
    ] = None,
    keep_float: Annotated[
        bool, typer.Option("--keep-float", help="Hold the float network too, to compile it later.")
    ] = False,
    decoder: Annotated[
        str | None, typer.Option(metavar="FAMILY", help="How to read what the network puts out.")
    ] = None,
    labels: Annotated[
        str | None, typer.Option(metavar="FILE|SET", help="Class names of the network.")
    ] = None,
) -> None:
    """Make an int8 network, and show what that costs and gains."""
    from rich.console import Console

    from sightline.cli.model_counting import counting, in_steps
    from sightline.cli.model_forms import forms
    from sightline.cli.model_input import package_of
    from sightline.cli.model_output import check_writable
    from sightline.model.atomic import write_atomically
    from sightline.tuning.quantise.calibration import calibration_frames
    from sightline.tuning.quantise.packing import packed
    from sightline.tuning.quantise.quantise import quantise
    from sightline.tuning.quantise.truth import true_accuracy
    from sightline.tuning.subject import of_package

    check_writable(out, ".slm", ".onnx")
    package = package_of(model, decoder, labels)
    subject = of_package(package)
    truth = true_accuracy(data, images) if data else None
    with counting("read pictures") as progress:
        frames = calibration_frames(calibrate, subject.recipe.input, pictures, progress)
    with in_steps() as tell:
        result = quantise(subject, frames, max_loss=max_loss, truth=truth, tell=tell)
    if out.suffix == ".onnx":
        write_atomically(out, result.data)
    else:
        name = calibrate.resolve().name
        packed(package, result, name, len(frames), keep_float=keep_float).write(out)
    Console(stderr=True).print(forms(result, max_loss, str(out)))
