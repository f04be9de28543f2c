"""How the output of a network on the IMX500 is read, from what its `.rpk` says."""

from __future__ import annotations

import re

from sightline.errors import DecoderError
from sightline.model.recipe import InputRecipe, Recipe
from sightline.model.rpk import Rpk


def recipe_for_chip(
    network: Rpk, origin: str, decoder: str | None = None, labels: tuple[str, ...] = ()
) -> Recipe:
    """The recipe of a network that only the chip can run; the chip normalises by itself.

    decoder, labels  what a person names, before what the file says
    Raises DecoderError where the file leaves open how its output is read.
    """
    named = network.intrinsics.classes.labels if network.intrinsics else ()
    labels = labels or _tidy(named)
    # The chip scales the region of interest to its tensor and can add no bars.
    geometry = InputRecipe(
        width=network.width,
        height=network.height,
        layout="nhwc",
        colour=network.colour,
        fit="stretch",
    )
    task = network.intrinsics.task if network.intrinsics else ""
    if task == "classification" and decoder in (None, "classification"):
        return _classification(network, geometry, labels, origin)
    if task == "object detection" and len(network.outputs) == 4 and decoder in (None, "ssd"):
        return _detection(network, geometry, labels)
    raise DecoderError(
        f"{origin}: its task ({task or 'none is named'}, {len(network.outputs)} outputs) "
        "has no decoder; networks for the IMX500 are read where they classify, or detect with "
        "post-processing on the chip (their names end in _pp)"
    )


def _classification(
    network: Rpk, geometry: InputRecipe, labels: tuple[str, ...], origin: str
) -> Recipe:
    classes = network.outputs[0]
    if len(labels) == classes + 1:  # the list begins with a background that nobody scores
        labels = labels[1:]
    if len(labels) not in (0, classes):
        raise DecoderError(f"{origin}: has {classes} classes, but {len(labels)} labels were given")
    return Recipe(
        task="classification",
        decoder="classification",
        input=geometry,
        labels=labels,
        parameters={"classes": classes},
    )


def _detection(network: Rpk, geometry: InputRecipe, labels: tuple[str, ...]) -> Recipe:
    assert network.intrinsics is not None
    cpu = network.intrinsics.cpu
    return Recipe(
        decoder="ssd",
        input=geometry,
        labels=labels,
        parameters={
            "boxes": 0,
            "scores": 1,
            "classes_at": 2,
            "box_order": cpu.bbox_order,
            "in_pixels": cpu.bbox_normalization,
        },
    )


def _tidy(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Names without the numbers in front of them, and each placeholder with a name of its own."""
    bare = [re.sub(rf"^{number}:", "", name) for number, name in enumerate(labels)]
    if not all(name != old for name, old in zip(bare, labels, strict=True)):
        bare = list(labels)
    return tuple(
        f"unused {number}" if name in ("-", "") else name for number, name in enumerate(bare)
    )
