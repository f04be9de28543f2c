"""What the cameras of the demonstration look at, and the network that they are given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from sightline.camera.evaluation import scene_config
from sightline.camera.past.rhythm import SHOP, WORKS, Rhythm
from sightline.cli.demo_plan import Stand, ground, layout
from sightline.model.load import builtin
from sightline.model.manifest import Manifest, Metric, Provenance, Quantisation, Target
from sightline.model.package import make_package
from sightline.source.scene import scene_of
from sightline.twin.config import CameraConfig

PACKAGE = ("demo-people", "1.1.0")
BEFORE = ("demo-people", "1.0.0")


def _conduct() -> dict[str, Any]:
    """Who lies, runs or walks the wrong way; the network of the demonstration knows no forklift."""
    _, floor, walkway = scene_of("scene:factory").asked["hazards"]
    unarmed = {key: value for key, value in floor.items() if key != "protection"}
    return {"hazards": [unarmed, walkway]}


@dataclass(frozen=True, slots=True)
class Spot:
    """A camera: its scene, how busy it is when, and what is asked of it besides.

    stand   where its scene lies on the floor plan
    busy    of the scene, in which the past is as lively at the most
    live    whether it looks now; else it was switched off before
    """

    scene: str
    rhythm: Rhythm
    stand: Stand
    busy: float = 1.0
    live: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)


_LONG_QUEUE = {
    "name": "long queue", "when": 'queue("queue").waiting >= 4',
    "until": 'queue("queue").waiting < 2', "cool_down_s": 0,
    "message": "four are waiting at the checkout",
}  # fmt: skip
_DOWN = {
    "name": "somebody is down", "when": 'event("hazard.person_down")', "cool_down_s": 0,
    "level": "critical", "message": "somebody lies on the floor of the loading bay",
}  # fmt: skip

_STRICT = {"detect": {"score": 0.65}}  # less sure, the network takes the racks there for people

SPOTS: Mapping[str, Spot] = {
    "shop-entrance": Spot("entrance", SHOP, Stand(13.0, 7.0, 180)),
    "checkout": Spot("queue", SHOP, Stand(9.5, 9.5, 270), 1.3, more={"rules": [_LONG_QUEUE]}),
    "loading-bay": Spot(
        "factory", WORKS, Stand(22.4, 9.5, 90), 0.2,
        more={**_conduct(), **_STRICT, "rules": [_DOWN]},
    ),
    "aisle": Spot("shelf", SHOP, Stand(5.5, 5.5, 0), 0.6, live=False),
}  # fmt: skip
SITE = "demo"
TARGET = f"site={SITE} and not name=aisle"
CAMERAS = {
    name: f"scene:{spot.scene}?live=1&size=640x360&fps=8&busy={spot.busy:g}"
    for name, spot in SPOTS.items()
    if spot.live
}


def camera_config(name: str) -> CameraConfig:
    """A camera that is asked what fits its scene, and may show redacted pictures."""
    spot = SPOTS[name]
    uri = CAMERAS.get(name, f"scene:{spot.scene}?busy={spot.busy:g}")
    more: dict[str, Any] = {
        "name": name,
        "ground": ground(scene_of(uri), spot.stand),
        "privacy": {"policy": "redacted"},
        "agent": {"health_s": 10, "measures_s": 20},
        **spot.more,
    }
    return scene_config(uri, "scene", more)


def camera_tree(name: str) -> dict[str, Any]:
    """The same as plain values."""
    config = camera_config(name)
    tree: dict[str, Any] = config.model_dump(mode="json", exclude_defaults=True)
    return {**tree, "source": config.source.uri}


def demo_layout() -> dict[str, Any]:
    """All of them on one floor plan."""
    scenes = {name: scene_of(f"scene:{spot.scene}") for name, spot in SPOTS.items()}
    return layout(scenes, {name: spot.stand for name, spot in SPOTS.items()}, SITE)


def demo_package(folder: Path, package: tuple[str, str] = PACKAGE) -> Path:
    """The network that comes with Sightline as a package, written into a folder."""
    name, version = package
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
        metrics=_metrics(),
        licence="Apache-2.0",
        provenance=Provenance(source="sightline", sha256=model.digest, steps=("packed",)),
    )
    path = folder / f"{name}-{version}.slm"
    make_package(manifest, {file: model.data}).write(path)
    return path


def _metrics() -> tuple[Metric, ...]:
    """As they were measured when it was trained."""
    told = json.loads(files("sightline.model").joinpath("builtin/scene.json").read_text())
    measured = told["metrics"]
    return tuple(
        Metric(name=f"{metric} {label}", value=measured["int8"][label]["all"][metric],
               data=str(measured["data"])[:200])
        for label in ("person", "trolley")
        for metric in ("AP50", "AP")
    )  # fmt: skip
