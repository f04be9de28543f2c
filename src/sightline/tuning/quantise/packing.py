"""A package with the int8 network in it, and what is known of it now."""

from __future__ import annotations

from importlib.metadata import version

from sightline.model.manifest import Manifest, Metric, Quantisation, Target, TargetName
from sightline.model.package import Package, make_package
from sightline.tuning.quantise.quantise import Quantised

_FLOAT: TargetName = "onnx-float"
_INT8: TargetName = "onnx-int8"


def packed(
    package: Package, result: Quantised, calibration: str, pictures: int, *, keep_float: bool
) -> Package:
    """An unsigned package whose default is the faster of both.

    calibration  what the ranges were measured on, and on how many pictures of it
    keep_float   hold the float network too; where it is faster, it is held in any case
    Self-tests stay behind: they hold what the float network finds.
    """
    old = package.manifest
    float_target = old.targets[old.default]
    default = _INT8 if result.faster else _FLOAT
    targets: dict[TargetName, Target] = {
        _INT8: Target(
            file=f"networks/{_INT8}.onnx",
            quantisation=Quantisation(
                precision="mixed" if result.left_float else "int8",
                calibration=calibration,
                pictures=pictures,
                left_float=result.left_float,
            ),
        )
    }
    files = {targets[_INT8].file: result.data}
    if keep_float or default == _FLOAT:
        targets[_FLOAT] = float_target
        files[float_target.file] = package.network()
    steps = (*old.provenance.steps, *_steps(result, default))
    manifest = Manifest(
        **{
            **dict(old),
            "targets": targets,
            "default": default,
            "metrics": (*_of_float(old), *_measured(result, calibration)),
            "provenance": old.provenance.model_copy(update={"steps": steps}),
            "selftest": (),
        }
    )
    return make_package(manifest, files)


def _of_float(manifest: Manifest) -> list[Metric]:
    """What was known before holds for the float network."""
    return [
        metric if metric.target else metric.model_copy(update={"target": _FLOAT})
        for metric in manifest.metrics
    ]


def _measured(result: Quantised, calibration: str) -> list[Metric]:
    forms = ((_FLOAT, result.before), (_INT8, result.after))
    scores = [
        Metric(name=result.measure, value=round(form.score, 4), data=calibration, target=target)
        for target, form in forms
        if target == _INT8 or result.measure == "AP"
    ]
    times = [
        Metric(name="ms, one thread", value=round(form.ms, 2), target=target)
        for target, form in forms
    ]
    return [*scores, *times]


def _steps(result: Quantised, default: TargetName) -> tuple[str, str]:
    left = f"{len(result.left_float)} of {result.layers} layers left float"
    return (
        f"quantised to int8 by sightline {version('sightline')}; {left}",
        f"int8 took {result.after.ms:.1f} ms, float {result.before.ms:.1f} ms on one thread of "
        f"the machine that quantised it; {default} is the default",
    )
