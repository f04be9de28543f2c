"""A package with the chip's form of the network in it."""

from __future__ import annotations

from importlib.metadata import version

from sightline.model.manifest import Manifest, Quantisation, Target
from sightline.model.package import Package, make_package
from sightline.tuning.imx500.compile import Compiled

_STEP = "compiled for the imx500 by sightline {version}: {percent} % of the chip's memory"
_LAST = "; the last step is left: imx500-package on Raspberry Pi OS makes the .rpk of packerOut"


def with_chip_form(package: Package, compiled: Compiled, calibration: str, count: int) -> Package:
    """The same package, unsigned, with the target `imx500` beside the others."""
    old = package.manifest
    ending = "rpk" if compiled.kind == "rpk" else "packerout.zip"
    target = Target(
        file=f"networks/imx500.{ending}",
        quantisation=Quantisation(precision="int8", calibration=calibration, pictures=count),
    )
    step = _STEP.format(version=version("sightline"), percent=compiled.report.percent)
    steps = (*old.provenance.steps, step + ("" if compiled.kind == "rpk" else _LAST))
    kept = {name: bytes(data) for name, data in package.files.items()}
    if "imx500" in old.targets:
        del kept[old.targets["imx500"].file]
    manifest = Manifest(
        **{
            **dict(old),
            "targets": {**old.targets, "imx500": target},
            "provenance": old.provenance.model_copy(update={"steps": steps}),
        }
    )
    return make_package(manifest, {**kept, target.file: compiled.data})
