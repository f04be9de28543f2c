"""`sightline model learn-normal`: from good pictures to a network that finds the others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def learn_normal(
    good: Annotated[
        Path, typer.Argument(metavar="DIR|VIDEO", help="Pictures on which nothing is wrong.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT.slm")],
    backbone: Annotated[
        str,
        typer.Option(metavar="MODEL", help="The float network to look with: .slm, .onnx, a name."),
    ] = "yolox-nano",
    pictures: Annotated[
        int, typer.Option(min=4, help="At most so many, evenly out of what there is.")
    ] = 200,
) -> None:
    """Learn what is normal, and report what is not."""
    from sightline.cli.model_counting import counting
    from sightline.cli.model_input import package_of
    from sightline.cli.model_output import check_writable
    from sightline.model.importing import slug
    from sightline.tuning.normal.learn import learn_normal as learn

    check_writable(out, ".slm")
    package = package_of(backbone)
    with counting("look at good pictures") as progress:
        learned = learn(good, package, slug(out.stem), pictures, progress)
    learned.write(out)
    threshold = learned.manifest.recipe.parameters["threshold"]
    typer.echo(f"{out}: normal ends at a distance of {threshold:.2f} (score 0.3)", err=True)
