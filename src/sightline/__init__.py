"""Sightline: an open platform for AI-powered cameras.

    from sightline import Camera

    for readout in Camera("shop.mp4", "yolox_nano.onnx").run():
        print(readout.time_ns, readout.detections.track_ids, readout.events)

Every name is loaded on first use; `import sightline` itself loads nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Camera": "sightline.camera.camera",
    "CameraConfig": "sightline.twin.config",
    "Detections": "sightline.results",
    "Event": "sightline.wire.messages",
    "Measure": "sightline.wire.messages",
    "Readout": "sightline.camera.readout",
    "SightlineError": "sightline.errors",
    "Summary": "sightline.wire.summary",
}

__all__ = [
    "Camera",
    "CameraConfig",
    "Detections",
    "Event",
    "Measure",
    "Readout",
    "SightlineError",
    "Summary",
    "__version__",
]

if TYPE_CHECKING:
    from sightline.camera.camera import Camera
    from sightline.camera.readout import Readout
    from sightline.errors import SightlineError
    from sightline.results import Detections
    from sightline.twin.config import CameraConfig
    from sightline.wire.messages import Event, Measure
    from sightline.wire.summary import Summary


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sightline' has no attribute {name!r}")
