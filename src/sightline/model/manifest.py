"""What a package says of itself: one page that a person can read and every program checks."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_serializer,
    field_validator,
    model_validator,
)

from sightline.errors import ModelError
from sightline.model.recipe import InputRecipe, Recipe

TargetName = Literal["onnx-float", "onnx-int8", "tflite", "imx500"]
Text = Annotated[str, Field(max_length=2000)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Entry = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*$", max_length=100)
]

_MAX_PIXELS = 4096 * 4096
_MOST_LABELS = 65_536
_SEMANTIC_VERSION = (
    r"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})"
    r"(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$"
)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Quantisation(_Part):
    """How the numbers of one target are stored.

    calibration   what the ranges were measured on: a folder, a data set
    pictures      how many of it
    left_float    names of the layers that kept float weights because int8 cost too much
    """

    precision: Literal["float32", "float16", "int8", "mixed"] = "float32"
    calibration: Text = ""
    pictures: int = Field(default=0, ge=0)
    left_float: tuple[Text, ...] = ()


class Target(_Part):
    """The network in the form that one kind of engine runs."""

    file: Entry
    quantisation: Quantisation = Quantisation()


class Metric(_Part):
    """One number about accuracy or speed, and where it comes from.

    name    "AP", "AP50", "top1", "ms", ...
    source  "measured" by us on `data`, or "published" by the maker of the network
    """

    name: str = Field(min_length=1, max_length=40)
    value: float
    data: Text = ""
    target: TargetName | None = None
    source: Literal["measured", "published"] = "measured"


class Provenance(_Part):
    """Where the network came from and what was done to it, first step first."""

    source: Text = ""
    sha256: Sha256 | None = None
    steps: tuple[Text, ...] = ()


class Expected(_Part):
    """One object that the network finds: box x1, y1, x2, y2 in fractions of the input tensor."""

    label: int = Field(ge=0)
    score: float = Field(ge=0, le=1)
    box: tuple[float, float, float, float]


class SelfTest(_Part):
    """An input tensor, uint8 (height, width, 3) RGB as raw bytes, and what is found in it."""

    file: Entry
    expected: tuple[Expected, ...] = Field(default=(), max_length=300)


class Manifest(_Part):
    """The page `manifest.json` of a package.

    targets  by name; a package for the chip alone has only `imx500`
    default  the target that a machine with a CPU runs: the faster of int8 and float
    licence  of the network, as an SPDX expression, or "unknown"
    created  when the network was made, where that is known; in UTC, whole seconds
    """

    layout: Literal[1] = 1
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    version: str = Field(default="1.0.0", pattern=_SEMANTIC_VERSION, max_length=64)
    recipe: Recipe
    targets: dict[TargetName, Target] = Field(min_length=1)
    default: TargetName
    metrics: tuple[Metric, ...] = Field(default=(), max_length=100)
    licence: str = Field(default="unknown", min_length=1, max_length=200)
    provenance: Provenance = Provenance()
    created: datetime | None = None
    selftest: tuple[SelfTest, ...] = Field(default=(), max_length=8)

    @field_validator("created")
    @classmethod
    def _whole_seconds_in_utc(cls, value: datetime | None) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("needs a time zone")
        try:
            return value.astimezone(UTC).replace(microsecond=0)
        except OverflowError:
            raise ValueError("lies outside of the calendar") from None

    @field_serializer("created")
    def _with_z(self, value: datetime | None) -> str | None:
        return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ")

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Manifest:
        if self.default not in self.targets:
            raise ValueError(f"default: there is no target {self.default!r} in this package")
        if len(set(self.files())) != len(self.files()):
            raise ValueError("targets: two parts of this package name the same file")
        _check_input(self.recipe.input)
        _check_reading(self.recipe)
        for number, test in enumerate(self.selftest):
            names = len(self.recipe.labels)
            if names and any(item.label >= names for item in test.expected):
                raise ValueError(f"selftest.{number}: expects a class beyond the {names} labels")
        return self

    def files(self) -> list[str]:
        """Every entry of the archive that this page names."""
        return [
            *(target.file for target in self.targets.values()),
            *(test.file for test in self.selftest),
        ]

    def to_json(self) -> bytes:
        """The bytes of `manifest.json`; the same manifest gives the same bytes."""
        return self.model_dump_json(indent=2).encode() + b"\n"


def _check_input(recipe: InputRecipe) -> None:
    if recipe.width * recipe.height > _MAX_PIXELS:
        size = f"{min(recipe.width, _MAX_PIXELS)}x{min(recipe.height, _MAX_PIXELS)}"
        raise ValueError(f"recipe.input: {size} and more is no size for a network")
    channels = 1 if recipe.colour == "y" else 3
    for name, values in (("mean", recipe.mean), ("std", recipe.std)):
        if len(values) not in (channels, 3) or not all(map(isfinite, values)):
            raise ValueError(f"recipe.input.{name}: holds other than one number a channel")
    if any(value == 0 for value in recipe.std):
        raise ValueError("recipe.input.std: cannot be zero")


def _check_reading(recipe: Recipe) -> None:
    for name, value in recipe.parameters.items():
        if isinstance(value, float) and not isfinite(value):
            raise ValueError(f"recipe.parameters.{name[:40]}: is no finite number")
    if len(recipe.labels) > _MOST_LABELS:
        raise ValueError(f"recipe.labels: {len(recipe.labels)} names; {_MOST_LABELS} are the most")


def parse_manifest(data: bytes, origin: str) -> Manifest:
    """A manifest from the bytes of `manifest.json`.

    origin  the name of the package, for the message
    Raises ModelError naming the file and each field that is wrong.
    """
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        raise ModelError(f"{origin}: manifest.json: {_in_words(error)}") from None


def _in_words(error: ValidationError) -> str:
    wrong = error.errors(include_url=False, include_input=False, include_context=False)
    told = [
        (
            ".".join(str(step)[:40] for step in item["loc"]),
            item["msg"].removeprefix("Value error, "),
        )
        for item in wrong[:3]
    ]
    more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return "; ".join(f"{where}: {what}" if where else what for where, what in told) + more
