"""From a folder of good pictures to a package that finds what is not like them."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from sightline.errors import InputError, ModelError
from sightline.model.load import Model
from sightline.model.manifest import Manifest, Provenance, Target
from sightline.model.package import Package, make_package
from sightline.model.recipe import Recipe
from sightline.postprocess.anomaly import LABELS
from sightline.tuning.normal.bank import remember
from sightline.tuning.normal.layers import feature_layers
from sightline.tuning.normal.network import comparing, looking
from sightline.tuning.quantise.calibration import calibration_frames, tensors
from sightline.tuning.quantise.graph import prepared
from sightline.tuning.subject import of_package
from sightline.tuning.timing import engine_of

FEWEST = 4


def learn_normal(
    good: Path, backbone: Package, name: str, pictures: int, tell: Callable[[int, int], None]
) -> Package:
    """An unsigned package, learned from at most `pictures` of the folder or video `good`.

    backbone  a float network that looks at the pictures; what it was trained for is no matter
    Raises InputError for fewer than four pictures, MissingExtra, and ModelError for a network
    that cannot look.
    """
    old = backbone.manifest
    _can_look(old)
    subject = of_package(backbone)
    recipe = subject.recipe.input.model_copy(update={"fit": "stretch"})
    proto = prepared(subject.model.data, subject.name)
    layers = feature_layers(proto, recipe.height, subject.name)
    looks, size = looking(proto, layers)
    frames = calibration_frames(good, recipe, pictures)
    if len(frames) < FEWEST:
        raise InputError(
            f"{good}: good pictures found: {len(frames)}; at least {FEWEST} are needed"
        )
    engine = engine_of(Model(name, "onnx", looks.SerializeToString()), threads=0)
    dtype = engine.signature.inputs[0].dtype
    patches = []
    for number, tensor in enumerate(tensors(frames, recipe, dtype)):
        patches.append(engine.run([tensor])[0])
        tell(number + 1, len(frames))
    memory = remember(patches)
    target = Target(file="networks/onnx-float.onnx")
    manifest = Manifest(
        name=name,
        recipe=Recipe(
            task="anomaly",
            decoder="anomaly",
            input=recipe,
            labels=LABELS,
            parameters={"threshold": memory.threshold},
        ),
        targets={"onnx-float": target},
        default="onnx-float",
        licence=old.licence,
        provenance=Provenance(
            source=old.provenance.source or old.name,
            sha256=old.provenance.sha256,
            steps=(
                *old.provenance.steps,
                f"learned what is normal from {len(frames)} pictures by sightline "
                f"{version('sightline')}",
            ),
        ),
    )
    return make_package(manifest, {target.file: comparing(looks, memory, size)})


def _can_look(manifest: Manifest) -> None:
    """Raises ModelError for a package whose network cannot be a backbone."""
    if manifest.default not in ("onnx-float", "onnx-int8"):
        raise ModelError(
            f"{manifest.name}: holds no ONNX network, which is needed to look with; take another, "
            "such as yolox-nano"
        )
    if manifest.recipe.task == "anomaly":
        raise ModelError(
            f"{manifest.name}: was itself learned from good pictures; give the network that it was "
            "made with"
        )
