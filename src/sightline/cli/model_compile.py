"""`sightline model compile`: for the chip, by Sony's tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sightline.cli.model_check import Chip


def compile_(
    model: Annotated[
        str | None, typer.Argument(metavar="IN", help="A float network: .slm, .onnx, or a name.")
    ] = None,
    target: Annotated[Chip, typer.Option(help="The chip that it is meant for.")] = Chip.imx500,
    calibrate: Annotated[
        Path | None,
        typer.Option(metavar="DIR|VIDEO", help="Pictures like those that the network will see."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="OUT.slm")] = None,
    pictures: Annotated[int, typer.Option(min=1, help="At most so many of --calibrate.")] = 50,
    tools_python: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The Python that has Sony's tools. [those installed]"),
    ] = None,
    install_tools: Annotated[
        bool,
        typer.Option("--install-tools", help="First install Sony's tools, apart (gigabytes)."),
    ] = False,
    decoder: Annotated[
        str | None, typer.Option(metavar="FAMILY", help="How to read what the network puts out.")
    ] = None,
    labels: Annotated[
        str | None, typer.Option(metavar="FILE|SET", help="Class names of the network.")
    ] = None,
) -> None:
    """Compile a network for the chip: quantise, convert, and pack where that can be done."""
    from rich.console import Console

    from sightline.cli.model_input import package_of
    from sightline.cli.model_output import check_writable
    from sightline.errors import ConfigError, ModelError
    from sightline.tuning.imx500.check import check_package
    from sightline.tuning.imx500.compile import compile_network
    from sightline.tuning.imx500.packing import with_chip_form
    from sightline.tuning.imx500.toolbox import find_tools, install
    from sightline.tuning.quantise.calibration import calibration_frames
    from sightline.tuning.subject import of_package

    console = Console(stderr=True, soft_wrap=True)
    if install_tools:
        console.print(f"{install()}: Sony's tools are installed", markup=False)
        if model is None:
            return
    if model is None or calibrate is None or out is None:
        raise ConfigError("compiling needs a network, --calibrate DIR and -o OUT.slm")
    check_writable(out, ".slm")
    package = package_of(model, decoder, labels)
    if faults := check_package(package).faults:
        raise ModelError(f"{model}: cannot be compiled for the {target}: {'; '.join(faults)}")
    tools = find_tools(tools_python)
    subject = of_package(package, target="onnx-float")
    frames = calibration_frames(calibrate, subject.recipe.input, pictures)
    with console.status("") as status:
        compiled = compile_network(subject, frames, tools, status.update)
    name = calibrate.resolve().name
    with_chip_form(package, compiled, name, len(frames)).write(out)
    console.print(
        f"{out}: compiled, {compiled.report.percent} % of the chip's memory", markup=False
    )
    if compiled.kind == "packerOut":
        console.print(
            "The last step, imx500-package, exists on Raspberry Pi OS only. There: unzip -p "
            f"{out.name} networks/imx500.packerout.zip > packerOut.zip; "
            "imx500-package -i packerOut.zip -o .",
            markup=False,
        )
