"""Output tensors to detections: the contract, the table, and the recognition of families."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sightline.model.recipe import Recipe
from sightline.model.signature import Signature
from sightline.results import Detections

if TYPE_CHECKING:
    from sightline.postprocess.selection import Selection

TABLE = {
    "yolox": "sightline.postprocess.yolox:FAMILY",
    "yolo": "sightline.postprocess.yolo:FAMILY",
    "nanodet": "sightline.postprocess.nanodet:FAMILY",
    "fastestdet": "sightline.postprocess.fastestdet:FAMILY",
    "ssd": "sightline.postprocess.ssd:FAMILY",
    "detr": "sightline.postprocess.detr:FAMILY",
    "customvision_boxes": "sightline.postprocess.customvision_boxes:FAMILY",
    "customvision_grid": "sightline.postprocess.customvision_grid:FAMILY",
    "yunet": "sightline.postprocess.yunet:FAMILY",
    "ultraface": "sightline.postprocess.ultraface:FAMILY",
    "movenet": "sightline.postprocess.movenet:FAMILY",
    "yolo_pose": "sightline.postprocess.yolo_pose:FAMILY",
    "yolo_seg": "sightline.postprocess.yolo_seg:FAMILY",
    "segmentation": "sightline.postprocess.segmentation:FAMILY",
    "anomaly": "sightline.postprocess.anomaly:FAMILY",
    "classification": "sightline.postprocess.classification:FAMILY",
}


class DecodeConfig(BaseModel):
    """What counts as seen.

    score    detections below this score are dropped
    iou      of two boxes of one class that overlap more than this, the weaker goes
    classes  keep only these class names (empty: all)
    limit    at most this many objects a picture
    every_class  report a box once for each class that scores high enough, not only for its
             best one; evaluations do that
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    score: float = Field(default=0.3, ge=0, le=1)
    iou: float = Field(default=0.5, ge=0, le=1)
    classes: tuple[str, ...] = ()
    limit: int = Field(default=300, gt=0)
    every_class: bool = False


class Decoder(Protocol):
    """Reads the output tensors of one network family."""

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        """Detections whose boxes are fractions of the input tensor, best score first."""
        ...


class Family(Protocol):
    """A family of networks that share the form of their output."""

    name: str

    def recognise(self, signature: Signature) -> Recipe | None:
        """The recipe of this network if it is certainly one of the family, else None."""
        ...

    def recipe(self, signature: Signature) -> Recipe:
        """The recipe of this network, which the user says is of the family; or DecoderError."""
        ...

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        """A decoder for one network of the family, which keeps what `selection` does."""
        ...
