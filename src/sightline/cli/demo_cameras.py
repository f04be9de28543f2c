"""What the cameras of the demonstration look at, and the network that they are given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sightline.camera.evaluation import scene_config
from sightline.model.load import builtin
from sightline.model.manifest import Manifest, Provenance, Quantisation, Target
from sightline.model.package import make_package

PACKAGE = ("demo-people", "1.1.0")
CAMERAS = {
    "shop-entrance": "scene:entrance?live=1&size=640x360&fps=8",
    "checkout": "scene:queue?live=1&size=640x360&fps=8",
    "plaza": "scene:crowd?live=1&size=640x360&fps=8",
}


def camera_tree(name: str) -> dict[str, Any]:
    """A camera that is asked what fits its scene, and may show redacted pictures."""
    more: dict[str, Any] = {
        "name": name,
        "privacy": {"policy": "redacted"},
        "agent": {"health_s": 10, "measures_s": 20},
    }
    config = scene_config(CAMERAS[name], "scene", **more)
    tree: dict[str, Any] = config.model_dump(mode="json", exclude_defaults=True)
    return {**tree, "source": CAMERAS[name]}


def demo_package(folder: Path) -> Path:
    """The network that comes with Sightline as a package, written into a folder."""
    name, version = PACKAGE
    model = builtin("scene")
    assert model is not None
    assert model.recipe is not None
    file = "networks/onnx-float.onnx"
    manifest = Manifest(
        name=name,
        version=version,
        recipe=model.recipe,
        targets={"onnx-float": Target(file=file, quantisation=Quantisation(precision="float32"))},
        default="onnx-float",
        licence="Apache-2.0",
        provenance=Provenance(source="sightline", sha256=model.digest, steps=("packed",)),
    )
    path = folder / f"{name}-{version}.slm"
    make_package(manifest, {file: model.data}).write(path)
    return path
