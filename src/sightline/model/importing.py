"""Anyone's network to a package: bare ONNX and TFLite, Custom Vision exports, `.rpk` files."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from sightline.errors import ConfigError, DecoderError, InputError, ModelError
from sightline.model import customvision, rpk, ultralytics
from sightline.model.archive import MAX_BYTES
from sightline.model.load import Model, load_model
from sightline.model.manifest import (
    Manifest,
    Metric,
    Provenance,
    Quantisation,
    Target,
    TargetName,
)
from sightline.model.onnx_check import check_onnx
from sightline.model.package import Package, make_package
from sightline.model.recipe import Recipe
from sightline.model.rpk_recipe import recipe_for_chip
from sightline.model.signature import Signature

_ENDINGS: dict[TargetName, str] = {
    "onnx-float": "onnx",
    "onnx-int8": "onnx",
    "tflite": "tflite",
    "imx500": "rpk",
}


class NetworkReader(Protocol):
    """Those who can look into a network: the engines and the decoder families."""

    def signature(self, model: Model) -> Signature:
        """Inputs, outputs and metadata. Raises ModelError where no runtime can load it."""
        ...

    def recipe(
        self, model: Model, signature: Signature, decoder: str | None, labels: tuple[str, ...]
    ) -> Recipe:
        """How the network is fed and read, by the family that claims it or that is named.

        labels  the names of its classes; none: what the network says itself, or numbers
        Raises DecoderError where no family is certain, or the number of labels is wrong.
        """
        ...


@dataclass(frozen=True, slots=True)
class About:
    """What a person knows of a network that its file may not say; empty means: look there."""

    name: str = ""
    version: str = "1.0.0"
    labels: tuple[str, ...] = ()
    decoder: str | None = None
    licence: str = ""
    source: str = ""
    created: datetime | None = None
    metrics: tuple[Metric, ...] = ()


def import_network(path: Path, reader: NetworkReader, about: About = About()) -> Package:
    """An unsigned package of the network in `path`; the same file gives the same bytes.

    Raises InputError, DecoderError, and ModelError naming the file and the field.
    """
    head = _head(path)
    if head[:4] == b"9464":
        return _import_rpk(path, about)
    if head[:2] == b"PK" and customvision.is_export(path):
        return _import_customvision(path, reader, about)
    if head[:2] == b"PK" and path.suffix == ".slm":
        raise InputError(f"{path}: is a package already")
    return _import_bare(path, reader, about)


def _import_bare(path: Path, reader: NetworkReader, about: About) -> Package:
    model = load_model(str(path))
    with _naming(path):
        signature = reader.signature(model)
    export = ultralytics.read_export(signature.metadata)
    if export:
        about = _filled(about, (), export.licence, export.created)
        if export.task not in ("detect", "classify", "pose", "segment"):
            raise DecoderError(
                f"{path}: metadata: task: there is no decoder for Ultralytics' {export.task!r}"
            )
    with _naming(path):
        recipe = reader.recipe(model, signature, about.decoder, about.labels)
    target, how = _kind(model, signature)
    step = f"imported from {model.format}"
    return _made(path, target, model.data, how, recipe, about, step)


def _import_customvision(path: Path, reader: NetworkReader, about: About) -> Package:
    export = customvision.read_export(path)
    if export.form == "onnx":
        check_onnx(export.network, str(path))
    about = _filled(about, export.labels, "", export.created)
    model = Model(path.stem, export.form, export.network)
    with _naming(path):
        signature = export.sized(reader.signature(model))
    decoder = about.decoder or export.decoder(signature)
    with _naming(path):
        recipe = reader.recipe(model, signature, decoder, about.labels)
    recipe = recipe.model_copy(update={"input": export.input(recipe.input, signature)})
    target, how = _kind(model, signature)
    step = "imported from Azure Custom Vision"
    return _made(path, target, model.data, how, recipe, about, step)


def _import_rpk(path: Path, about: About) -> Package:
    data = path.read_bytes()
    network = rpk.read_rpk(data, str(path))
    recipe = recipe_for_chip(network, str(path), about.decoder, about.labels)
    how = Quantisation(precision="int8")
    return _made(path, "imx500", data, how, recipe, about, "imported from rpk")


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Engines and families do not know the file; a person needs to know which it was."""
    try:
        yield
    except (ModelError, ConfigError) as error:
        raise type(error)(f"{path}: {error}") from None


def _kind(model: Model, signature: Signature) -> tuple[TargetName, Quantisation]:
    if model.format == "tflite":
        integer = any("int8" in spec.dtype for spec in signature.inputs)
        return "tflite", Quantisation(precision="int8" if integer else "float32")
    if b"QuantizeLinear" in model.data:
        return "onnx-int8", Quantisation(precision="int8")
    half = any(spec.dtype == "float16" for spec in signature.inputs)
    return "onnx-float", Quantisation(precision="float16" if half else "float32")


def _filled(about: About, labels: tuple[str, ...], licence: str, created: datetime | None) -> About:
    """What a person said goes before what the file says."""
    return replace(
        about,
        labels=about.labels or labels,
        licence=about.licence or licence,
        created=created or about.created,
    )


def _made(
    path: Path,
    target: TargetName,
    network: bytes,
    how: Quantisation,
    recipe: Recipe,
    about: About,
    step: str,
) -> Package:
    file = f"networks/{target}.{_ENDINGS[target]}"
    manifest = Manifest(
        name=about.name or slug(path.stem),
        version=about.version,
        recipe=recipe,
        targets={target: Target(file=file, quantisation=how)},
        default=target,
        metrics=about.metrics,
        licence=about.licence or "unknown",
        provenance=Provenance(
            source=about.source or path.name,
            sha256=_sha256(path),
            steps=(f"{step} by sightline {version('sightline')}",),
        ),
        created=about.created,
    )
    return make_package(manifest, {file: network})


def slug(name: str) -> str:
    """A name that a package may have."""
    slug = re.sub(r"[^a-z0-9._]+", "-", name.lower()).strip("-._")[:64]
    return slug or "network"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _head(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ModelError(f"{path}: is larger than the {MAX_BYTES >> 20} MB of a package")
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def made_on(path: Path) -> datetime | None:
    """When the network in a file was made, as far as the file tells: its time of change.

    The environment's SOURCE_DATE_EPOCH goes before it, so that a build can be repeated.
    """
    try:
        seconds = float(os.environ.get("SOURCE_DATE_EPOCH") or path.stat().st_mtime)
        return datetime.fromtimestamp(seconds, UTC)
    except (OSError, ValueError, OverflowError):
        return None
