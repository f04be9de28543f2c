"""From a network's own inputs and outputs to the family that reads it."""

from __future__ import annotations

from sightline.errors import ConfigError, DecoderError
from sightline.model.labels import chosen, default_labels
from sightline.model.recipe import Recipe
from sightline.model.signature import Signature
from sightline.plugins import load, names
from sightline.postprocess.base import TABLE, DecodeConfig, Decoder, Family
from sightline.postprocess.image_input import shapes
from sightline.postprocess.selection import Selection


def recognise(signature: Signature, decoder: str | None = None) -> Recipe:
    """How to feed and read the network; `decoder` is the family that the user named, if any.

    Raises DecoderError where no family, or more than one, can be meant, and ConfigError for
    a family that does not exist.
    """
    if decoder is not None:
        family: Family = load("decoder", decoder, TABLE)
        return family.recipe(signature)
    found = [recipe for name in TABLE if (recipe := _family(name).recognise(signature))]
    if len(found) == 1:
        return found[0]
    fits = [recipe.decoder for recipe in found] or names("decoder", TABLE)
    raise DecoderError(
        f"the network's output ({shapes(signature)}) does not say how to read it; "
        f"name its family with --decoder, one of {', '.join(fits)}"
    )


def labels_of(
    recipe: Recipe, signature: Signature, given: tuple[str, ...] | None
) -> tuple[str, ...]:
    """The class names: those given, those of the recipe, or what is usual for their number.

    Raises ConfigError where a wrong number of names was given.
    """
    count = int(recipe.parameters.get("classes", 0))
    if given is not None:
        if count and len(given) != count:
            raise ConfigError(
                f"the network has {count} classes, but {len(given)} labels were given"
            )
        return given
    if recipe.labels:
        return recipe.labels
    return default_labels(count or 90)


def build_decoder(
    recipe: Recipe, signature: Signature, labels: tuple[str, ...], config: DecodeConfig
) -> Decoder:
    """The decoder of one camera. Raises ConfigError for a class that the network does not know."""
    wanted = chosen(config.classes, labels) if config.classes else None
    return _family(recipe.decoder).decoder(recipe, signature, Selection(config, wanted))


def _family(name: str) -> Family:
    family: Family = load("decoder", name, TABLE)
    return family
