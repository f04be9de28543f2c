"""What can be known of a network's picture input from its signature."""

from __future__ import annotations

import ast
from typing import Any, Literal

from sightline.errors import DecoderError
from sightline.model.signature import Signature

# Of its red, green and blue; nearly all backbones were trained on it first.
IMAGENET_MEAN = (123.675, 116.28, 103.53)
IMAGENET_STD = (58.395, 57.12, 57.375)

_MOST_TOLD = 6


def picture_size(signature: Signature) -> tuple[int, int, Literal["nchw", "nhwc"]]:
    """Width, height and layout of the first input.

    A size that is only fixed when the network runs is taken from its own notes ("imgsz").
    Raises DecoderError where the input is no picture, or its size stays open.
    """
    if not signature.inputs:
        raise DecoderError("the network has no input")
    spec = signature.inputs[0]
    shape = spec.shape
    if len(shape) != 4 or shape[0] not in (None, 1):
        raise DecoderError(
            f"the network's input {spec.name!r} has the shape {_text(shape)}; one picture, "
            "1x3xHEIGHTxWIDTH or 1xHEIGHTxWIDTHx3, is needed"
        )
    layout: Literal["nchw", "nhwc"]
    if shape[1] in (1, 3):
        layout, height, width = "nchw", shape[2], shape[3]
    elif shape[3] in (1, 3):
        layout, height, width = "nhwc", shape[1], shape[2]
    else:
        raise DecoderError(f"the network's input {spec.name!r} ({_text(shape)}) has no colours")
    if height is None or width is None:
        noted = note(signature, "imgsz")
        if not (isinstance(noted, (list, tuple)) and len(noted) == 2):
            raise DecoderError(
                f"the network's input {spec.name!r} ({_text(shape)}) has no fixed size; "
                "export it again with a fixed height and width"
            )
        height, width = int(noted[0]), int(noted[1])
    if not (8 <= height <= 4096 and 8 <= width <= 4096):
        raise DecoderError(f"the network's input of {width}x{height} pixels cannot be a picture")
    return width, height, layout


def channels(signature: Signature) -> int:
    """How many colours the input has: 1 or 3."""
    _, _, layout = picture_size(signature)
    return signature.inputs[0].shape[1 if layout == "nchw" else 3] or 3


def note(signature: Signature, key: str) -> Any:
    """What an exporter wrote into the network under `key`, read as a plain literal; or None."""
    text = signature.metadata.get(key, "")
    if not text or len(text) > 1_000_000:
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def noted_labels(signature: Signature) -> tuple[str, ...]:
    """Class names that an exporter wrote into the network ("names": {0: "person", ...})."""
    names = note(signature, "names")
    if isinstance(names, dict):
        try:
            return tuple(str(names[index]) for index in range(len(names)))
        except KeyError:
            return ()
    return tuple(map(str, names)) if isinstance(names, (list, tuple)) else ()


def shapes(signature: Signature) -> str:
    """The outputs as a person reads them, for error messages."""
    told = [f"{spec.name} {_text(spec.shape)}" for spec in signature.outputs[:_MOST_TOLD]]
    more = len(signature.outputs) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def _text(shape: tuple[int | None, ...]) -> str:
    return "x".join("?" if size is None else str(size) for size in shape) or "a number"
