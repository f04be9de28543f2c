"""A recipe that came with a network, held against that network before any picture."""

from __future__ import annotations

from math import prod

import numpy as np

from sightline.errors import DecoderError
from sightline.model.recipe import Recipe
from sightline.model.signature import Signature
from sightline.postprocess.base import DecodeConfig, Decoder
from sightline.postprocess.recognise import build_decoder

_MISFIT = (
    *(LookupError, ValueError, TypeError, AttributeError),
    *(ArithmeticError, AssertionError, MemoryError),
)
_MOST = 1 << 26  # numbers that are worth trying out


def fitted_decoder(
    name: str, recipe: Recipe, signature: Signature, labels: tuple[str, ...], config: DecodeConfig
) -> Decoder:
    """The decoder of one camera, tried on empty tensors of the network's own shapes.

    A package may say of its network what is not so; that shows here, not at the first object.
    Raises ConfigError for a class that the network does not know, DecoderError.
    """
    _check_input(name, recipe, signature)
    try:
        decoder = build_decoder(recipe, signature, labels, config)
        shapes = [[size or 0 for size in spec.shape] for spec in signature.outputs]
        if all(0 < prod(shape) < _MOST for shape in shapes):
            decoder([np.zeros(shape, np.float32) for shape in shapes])
    except _MISFIT:
        raise DecoderError(
            f"model {name}: recipe.parameters: the decoder {recipe.decoder!r} cannot read this "
            "network with them; import the network again"
        ) from None
    return decoder


def _check_input(name: str, recipe: Recipe, signature: Signature) -> None:
    wanted = recipe.input
    channels = 1 if wanted.colour == "y" else 3
    whole = (channels, wanted.height, wanted.width)
    if wanted.layout == "nhwc":
        whole = (wanted.height, wanted.width, channels)
    shape = signature.inputs[0].shape
    fits = len(shape) == 4 and all(
        held in (None, size) for held, size in zip(shape[1:], whole, strict=True)
    )
    if not fits:
        raise DecoderError(
            f"model {name}: recipe.input: says {wanted.width}x{wanted.height} {wanted.layout} "
            f"with {channels} colours, but the network takes {shape}"
        )
