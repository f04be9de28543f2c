"""Networks as Azure Custom Vision exports them: a zip with `cvexport.manifest`.

The form of the output and the order of the colours are those of Microsoft's sample scripts
for the domains "General (compact)" (YOLO-v2 grid, BGR) and "General (compact) [S1]"
(boxes, classes and scores, RGB).
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from lzma import LZMAError
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from sightline.errors import InputError, ModelError
from sightline.model.recipe import InputRecipe
from sightline.model.signature import Signature

MANIFEST = "cvexport.manifest"

_SIDES = ("Height", "Width")
_PROPERTIES = "metadata_properties.json"
_MAX_NETWORK = 256 << 20
_MAX_TEXT = 4 << 20
_FORMS: dict[str, Literal["onnx", "tflite"]] = {".onnx": "onnx", ".tflite": "tflite"}


class _ExportManifest(BaseModel):
    DomainType: Literal["Classification", "ObjectDetection"]
    Platform: str = Field(max_length=40)
    ModelFileName: str = Field(max_length=100, pattern=r"^[\w. -]+$")
    LabelFileName: str = Field(default="labels.txt", max_length=100, pattern=r"^[\w. -]+$")
    MetadataPropsFileName: str = Field(default=_PROPERTIES, max_length=100, pattern=r"^[\w. -]+$")
    ModelFileSHA1: str | None = None
    ExportedDate: datetime | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """The parts of an export that matter here."""

    network: bytes
    form: Literal["onnx", "tflite"]
    detects: bool
    labels: tuple[str, ...]
    properties: Mapping[str, str]
    created: datetime | None

    def decoder(self, signature: Signature) -> str:
        """The family that reads this network's output."""
        if not self.detects:
            return "classification"
        return "customvision_boxes" if len(signature.outputs) == 3 else "customvision_grid"

    def sized(self, signature: Signature) -> Signature:
        """The signature with the size that Custom Vision trains for where it is left open."""
        picture, *rest = signature.inputs
        if len(picture.shape) != 4 or None not in picture.shape[1:]:
            return signature
        usual = 416 if self.detects else 224
        told = [self.properties.get(f"CustomVision.Preprocess.Target{key}", "") for key in _SIDES]
        height, width = (int(t) if t.isdecimal() and 0 < int(t) < 4097 else usual for t in told)
        first = picture.shape[1] == 3
        shape = (1, 3, height, width) if first else (1, height, width, 3)
        return replace(signature, inputs=(replace(picture, shape=shape), *rest))

    def input(self, recipe: InputRecipe, signature: Signature) -> InputRecipe:
        """How Custom Vision prepares pictures, in place of what `recipe` guessed.

        An ONNX file says itself whether it wants BGR and 0..255; a TFLite file is told by
        `metadata_properties.json`, and without it by its output: only the newer detectors
        want RGB.
        """
        told = {**self.properties, **signature.metadata}
        pixels = told.get("Image.BitmapPixelFormat")
        values = told.get("Image.NominalPixelRange")
        if self.form == "tflite":
            pixels = pixels or ("Rgb8" if len(signature.outputs) == 3 else "Bgr8")
            values = values or "NominalRange_0_255"
        scale = 1.0 if values == "NominalRange_0_255" else 255.0
        mean = _three(told.get("CustomVision.Preprocess.NormalizeMean"), 0.0)
        std = _three(told.get("CustomVision.Preprocess.NormalizeStd"), 1.0)
        return recipe.model_copy(
            update={
                "colour": "bgr" if pixels == "Bgr8" else "rgb",
                "fit": "stretch" if self.detects else "crop",
                "mean": tuple(value * scale for value in mean),
                "std": tuple(value * scale for value in std),
            }
        )


def is_export(path: Path) -> bool:
    """Whether this file is a zip with the manifest of a Custom Vision export."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(Path(name).name == MANIFEST for name in archive.namelist())
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False


def read_export(path: Path) -> Export:
    """An export from its zip. Raises InputError, and ModelError naming the file and the field."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, str(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, LZMAError):
        raise ModelError(f"{path}: is damaged, encrypted or no zip at all") from None


def _read(archive: zipfile.ZipFile, origin: str) -> Export:
    root = next((n for n in archive.namelist() if Path(n).name == MANIFEST), MANIFEST)
    folder = root.removesuffix(MANIFEST)
    manifest = _manifest(_member(archive, root, _MAX_TEXT, origin), origin)
    form = _FORMS.get(Path(manifest.ModelFileName).suffix)
    if form is None:
        raise ModelError(
            f"{origin}: {MANIFEST}: ModelFileName: {manifest.ModelFileName!r} (exported for "
            f"{manifest.Platform}) cannot be run here; export it again as ONNX or TensorFlow Lite"
        )
    network = _member(archive, folder + manifest.ModelFileName, _MAX_NETWORK, origin)
    wanted = (manifest.ModelFileSHA1 or "").lower()
    if wanted and hashlib.sha1(network, usedforsecurity=False).hexdigest() != wanted:
        raise ModelError(f"{origin}: {manifest.ModelFileName}: is not the one that was exported")
    labels = _member(archive, folder + manifest.LabelFileName, _MAX_TEXT, origin)
    properties = folder + manifest.MetadataPropsFileName
    return Export(
        network,
        form,
        manifest.DomainType == "ObjectDetection",
        _lines(labels, f"{origin}: {manifest.LabelFileName}"),
        _properties(_member(archive, properties, _MAX_TEXT, origin), origin)
        if properties in archive.namelist()
        else {},
        manifest.ExportedDate,
    )


def _member(archive: zipfile.ZipFile, name: str, most: int, origin: str) -> bytes:
    """One file of the zip, never more than `most` bytes of it whatever the zip claims."""
    try:
        with archive.open(name) as file:
            data = file.read(most + 1)
    except KeyError:
        raise ModelError(f"{origin}: {name}: is missing from the export") from None
    if len(data) > most:
        raise ModelError(f"{origin}: {name}: has more than {most >> 20} MB")
    return data


def _manifest(data: bytes, origin: str) -> _ExportManifest:
    try:
        return _ExportManifest.model_validate_json(data.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ModelError(f"{origin}: {MANIFEST}: {where}: {first['msg']}") from None


def _lines(data: bytes, origin: str) -> tuple[str, ...]:
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ModelError(f"{origin}: is not text") from None
    return tuple(line.strip() for line in lines if line.strip())


def _properties(data: bytes, origin: str) -> dict[str, str]:
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        tree = None
    if not isinstance(tree, dict):
        raise ModelError(f"{origin}: {_PROPERTIES}: is not a JSON object")
    return {str(key): value for key, value in tree.items() if isinstance(value, str)}


def _three(text: str | None, fallback: float) -> tuple[float, ...]:
    try:
        values = json.loads(text or "null")
        numbers = tuple(float(value) for value in values)
    except (ValueError, TypeError, RecursionError):
        numbers = ()
    return numbers if len(numbers) == 3 else (fallback,) * 3
