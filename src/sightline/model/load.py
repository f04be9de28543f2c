"""From a name or a file to the bytes of a network, looked over before anything runs them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from sightline.errors import InputError, ModelError
from sightline.model.onnx_check import check_onnx
from sightline.model.recipe import Recipe

Format = Literal["onnx", "tflite"]

_MOST_BYTES = 2 << 30
_SUFFIXES: dict[str, Format] = {".onnx": "onnx", ".tflite": "tflite"}


@dataclass(frozen=True)
class Model:
    """A network that is safe to hand to a runtime.

    name    for people: the file's name without its ending, or that of a built-in network
    recipe  how it is fed and read, where that is known for certain
    """

    name: str
    format: Format
    data: bytes
    recipe: Recipe | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the network, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def load_model(ref: str) -> Model:
    """The network that `ref` names: a file, or one that comes with Sightline.

    Raises InputError for a file that is missing or empty, ModelError for one that is no
    network or would read other files.
    """
    path = Path(ref)
    if path.suffix.lower() in _SUFFIXES or path.exists():
        return _from_file(path)
    found = builtin(ref)
    if found is None:
        raise InputError(
            f"model {ref!r}: there is no such file, and no built-in network of that name "
            f"({', '.join(builtin_names()) or 'there are none'})"
        )
    return found


def builtin_names() -> list[str]:
    """Names of the networks that come with Sightline."""
    folder = files("sightline.model") / "builtin"
    if not folder.is_dir():
        return []
    return sorted(
        f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json")
    )


def builtin(name: str) -> Model | None:
    """A network that comes with Sightline, with its recipe; None where there is none."""
    if name not in builtin_names():
        return None
    folder = files("sightline.model") / "builtin"
    card = (folder / f"{name}.json").read_bytes()
    return Model(name, "onnx", (folder / f"{name}.onnx").read_bytes(), recipe_of(card, name))


def recipe_of(card: bytes, origin: str) -> Recipe:
    """The recipe in a network's JSON card, under the key "recipe". Raises ModelError."""
    import json

    try:
        return Recipe.model_validate(json.loads(card)["recipe"])
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"{origin}: its card holds no sound recipe: {reason}") from None


def _from_file(path: Path) -> Model:
    form = _SUFFIXES.get(path.suffix.lower())
    try:
        if form is None:
            raise ModelError(f"{path}: a network is a file that ends with {' or '.join(_SUFFIXES)}")
        size = path.stat().st_size
        if size == 0:
            raise InputError(f"{path}: is empty; a network was expected")
        if size > _MOST_BYTES:
            raise ModelError(f"{path}: is {size >> 20} MB; networks up to 2 GB can be loaded")
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"model {path}: cannot be read: {reason}") from None
    if form == "onnx":
        check_onnx(data, str(path))
    elif data[4:8] != b"TFL3":
        raise ModelError(f"{path}: is not a TFLite network, or a damaged one")
    return Model(path.stem, form, data)
