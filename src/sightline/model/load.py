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
from sightline.model.manifest import TargetName
from sightline.model.onnx_check import check_onnx
from sightline.model.package import Package, open_package
from sightline.model.recipe import Recipe
from sightline.model.trust import admit
from sightline.model.zoo import in_zoo, pulled

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


def load_model(
    ref: str, *, require_signature: bool = False, target: TargetName | None = None
) -> Model:
    """The network that `ref` names: a file, one that comes with Sightline, or a pulled one.

    require_signature  take nothing from a file but packages that a trusted key signed
    target             this network of a package, in place of its default
    Raises InputError for a file that is missing or empty, ModelError for one that is no
    network, would read other files, or is not signed as required.
    """
    path = Path(ref)
    if path.suffix == ".slm":
        return _from_package(path, require_signature=require_signature, target=target)
    if require_signature and builtin(ref) is None and pulled(ref) is None:
        raise ModelError(f"model {ref!r}: only signed packages (.slm) may run here")
    if target and pulled(ref) is None:
        raise ModelError(f"model {ref!r}: only a package holds several networks to choose from")
    if path.suffix.lower() in _SUFFIXES or path.exists():
        return _from_file(path)
    found = builtin(ref)
    if found:
        return found
    package = pulled(ref)
    if package:
        # Its bytes were known beforehand when it was pulled: no notice that nobody signed it.
        return _from_package(
            package, require_signature=require_signature, known=True, target=target
        )
    remedy = (
        f"fetch it with: sightline model pull {entry.name}"
        if (entry := in_zoo(ref))
        else f"built in: {', '.join(builtin_names()) or 'none'}; more: sightline model list"
    )
    raise InputError(f"model {ref!r}: there is no such file, and no network of that name; {remedy}")


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


def _from_package(
    path: Path, *, require_signature: bool, known: bool = False, target: TargetName | None
) -> Model:
    package = open_package(path)
    if require_signature or not known:
        admit(package, str(path), require_signature=require_signature)
    return model_of(package, str(path), target)


def model_of(package: Package, origin: str, target: TargetName | None = None) -> Model:
    """The network of a package for `target`, the default one without it. Raises ModelError."""
    manifest = package.manifest
    chosen = target or manifest.default
    if chosen == "imx500":
        raise ModelError(
            f"{origin}: holds a network for the IMX500 alone, which only that chip runs"
        )
    data = package.network(chosen)
    form: Format = "tflite" if chosen == "tflite" else "onnx"
    _look_over(form, data, origin)
    return Model(manifest.name, form, data, manifest.recipe)


def _look_over(form: Format, data: bytes, origin: str) -> None:
    if form == "onnx":
        check_onnx(data, origin)
    elif data[4:8] != b"TFL3":
        raise ModelError(f"{origin}: is not a TFLite network, or a damaged one")


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
    _look_over(form, data, str(path))
    return Model(path.stem, form, data)
