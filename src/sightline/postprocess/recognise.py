"""From a network's own inputs and outputs to the family that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import ConfigError, DecoderError
from sightline.model.labels import chosen, default_labels
from sightline.model.recipe import Recipe
from sightline.model.signature import Signature
from sightline.plugins import load, names
from sightline.postprocess.base import TABLE, DecodeConfig, Decoder, Family
from sightline.postprocess.image_input import channels, picture_size, shapes
from sightline.postprocess.selection import Selection
from sightline.results import Detections


def recognise(signature: Signature, decoder: str | None = None) -> Recipe:
    """How to feed and read the network; `decoder` is the family that the user named, if any.

    Raises DecoderError where no family, or more than one, can be meant, and ConfigError for
    a family that does not exist.
    """
    if decoder is not None:
        return _in_its_colours(_family(decoder).recipe(signature), signature)
    picture_size(signature)  # says what is wrong with an input before outputs are looked at
    known = names("decoder", TABLE)
    certain = [recipe for name in known if (recipe := _family(name).recognise(signature))]
    if len(certain) == 1:
        return _in_its_colours(certain[0], signature)
    fits = [recipe.decoder for recipe in certain] or [n for n in known if _may_be(n, signature)]
    if not fits:
        raise DecoderError(
            f"the network's output ({shapes(signature)}) fits none of the families that "
            f"--decoder can name: {', '.join(known)}"
        )
    raise DecoderError(
        f"the network's output ({shapes(signature)}) does not say how to read it; "
        f"name its family with --decoder, one of {', '.join(fits)}"
    )


def labels_of(
    recipe: Recipe, signature: Signature, given: tuple[str, ...] | None
) -> tuple[str, ...]:
    """The class names: those given, those of the recipe, or what is usual for their number.

    Raises ConfigError where a wrong number of names was given, or found in the network.
    """
    count = int(recipe.parameters.get("classes", 0))
    found = given if given is not None else recipe.labels
    if not found and given is None:
        return default_labels(count or 90)
    if count and len(found) != count:
        whose = "were given" if given is not None else "came with it; give --labels"
        raise ConfigError(f"the network has {count} classes, but {len(found)} labels {whose}")
    return found


def build_decoder(
    recipe: Recipe, signature: Signature, labels: tuple[str, ...], config: DecodeConfig
) -> Decoder:
    """The decoder of one camera. Raises ConfigError for a class that the network does not know.

    Objects of a class for which there is no label are dropped (without labels, none are).
    """
    wanted = chosen(config.classes, labels) if config.classes else None
    selection = Selection(config, wanted, len(labels) or None)
    decoder = _family(recipe.decoder).decoder(recipe, signature, selection)

    def quietly(tensors: Sequence[NDArray[Any]]) -> Detections:
        # What overflows or is no number is dropped; NumPy would say so at each picture.
        with np.errstate(all="ignore"):
            return decoder(tensors)

    return quietly


def _family(name: str) -> Family:
    family: Family = load("decoder", name, TABLE)
    return family


def _in_its_colours(recipe: Recipe, signature: Signature) -> Recipe:
    """Families are of three colours; any of them may have been trained on grey pictures."""
    if channels(signature) == 3:
        return recipe
    grey = recipe.input.model_copy(update={"colour": "y"})
    return recipe.model_copy(update={"input": grey})


def _may_be(name: str, signature: Signature) -> bool:
    try:
        _family(name).recipe(signature)
    except DecoderError:
        return False
    return True
