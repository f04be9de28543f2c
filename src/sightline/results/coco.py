"""The 80 classes of COCO, and the ids with gaps up to 90 that its annotations give them."""

from __future__ import annotations

from collections.abc import Sequence

_NUMBERED = (
    "person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,,"
    "stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,,"
    "backpack,umbrella,,,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,"
    "baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,,wine glass,cup,"
    "fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,"
    "cake,chair,couch,potted plant,bed,,dining table,,,toilet,,tv,laptop,mouse,remote,keyboard,"
    "cell phone,microwave,oven,toaster,sink,refrigerator,,book,clock,vase,scissors,teddy bear,"
    "hair drier,toothbrush"
)

# Many label files still carry the names of COCO's first edition.
FORMER = {
    "motorbike": "motorcycle",
    "aeroplane": "airplane",
    "sofa": "couch",
    "pottedplant": "potted plant",
    "diningtable": "dining table",
    "tvmonitor": "tv",
}

_IDS = {name: number for number, name in enumerate(_NUMBERED.split(","), 1) if name}

COCO: tuple[str, ...] = tuple(_IDS)
"""The names in the order in which networks of 80 classes have them."""

COCO_90: tuple[str, ...] = tuple(
    name or f"unused {number}" for number, name in enumerate(_NUMBERED.split(","), 1)
)
"""The same with the gaps, for networks that count ids up to 90."""


def category_ids(labels: Sequence[str]) -> tuple[int, ...]:
    """The category id of each class name: COCO's own if all are COCO's, else index plus one."""
    known = [_IDS.get(FORMER.get(label, label)) for label in labels]
    ids = tuple(number for number in known if number is not None)
    return ids if len(ids) == len(labels) else tuple(range(1, len(labels) + 1))
