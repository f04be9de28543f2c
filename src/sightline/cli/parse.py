"""Flags whose value has a form of its own: lines, zones, sizes, regions."""

from __future__ import annotations

import math
import re
from typing import TypeVar

from pydantic import ValidationError

from sightline.analytics.line import LineConfig
from sightline.analytics.place import PlaceConfig
from sightline.analytics.zone import ZoneConfig
from sightline.errors import ConfigError

Place = TypeVar("Place", bound=PlaceConfig)

_LINE = "--line NAME:x1,y1,x2,y2, such as --line door:0.5,0,0.5,1"
_ZONE = "--zone NAME:x1,y1,x2,y2,x3,y3,…, such as --zone till:0.1,0.6,0.4,0.6,0.4,1,0.1,1"
_ROI = "--roi x,y,width,height, such as --roi 0.25,0,0.5,1"
_SIZE = "--size WIDTHxHEIGHT in pixels, such as --size 1920x1080"
_LARGEST = 1 << 16


def parse_line(text: str) -> LineConfig:
    """The line that --line describes. Raises ConfigError."""
    name, points = _named_points("--line", text, _LINE)
    if len(points) != 2:
        raise ConfigError(
            f"--line {text!r}: a line has 2 points, not {_points(points)}; write {_LINE}"
        )
    return _build(LineConfig, text, "--line", {"name": name, "points": points})


def parse_zone(text: str) -> ZoneConfig:
    """The zone that --zone describes. Raises ConfigError."""
    name, points = _named_points("--zone", text, _ZONE)
    return _build(ZoneConfig, text, "--zone", {"name": name, "polygon": points})


def parse_roi(text: str) -> tuple[float, float, float, float]:
    """x, y, width, height in fractions of the picture. Raises ConfigError."""
    numbers = _numbers("--roi", text, text, _ROI)
    if len(numbers) != 4:
        raise ConfigError(
            f"--roi {text!r}: 4 numbers belong here, not {len(numbers)}; write {_ROI}"
        )
    x, y, width, height = numbers
    if width <= 0 or height <= 0:
        raise ConfigError(f"--roi {text!r}: width and height must be above 0; write {_ROI}")
    if x < 0 or y < 0 or x + width > 1 + 1e-6 or y + height > 1 + 1e-6:
        raise ConfigError(
            f"--roi {text!r}: reaches beyond the picture, which is 0..1 both ways; write {_ROI}"
        )
    return x, y, width, height


def parse_size(text: str) -> tuple[int, int]:
    """Width and height in pixels. Raises ConfigError."""
    match = re.fullmatch(r"\s*(\d{1,6})\s*[xX×]\s*(\d{1,6})\s*", text)
    if match is None:
        raise ConfigError(f"--size {text!r} is not a size; write {_SIZE}")
    width, height = int(match[1]), int(match[2])
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise ConfigError(f"--size {text!r} is no size of a picture; write {_SIZE}")
    return width, height


def parse_tags(texts: list[str]) -> dict[str, str]:
    """["site=oslo", …] as tags. Raises ConfigError."""
    found = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or not key.strip() or not value.strip():
            raise ConfigError(f"--tag {text}: a tag is KEY=VALUE, such as site=oslo")
        found[key.strip()] = value.strip()
    return found


def _named_points(flag: str, text: str, form: str) -> tuple[str, tuple[tuple[float, float], ...]]:
    name, colon, rest = text.rpartition(":")
    if not colon or not name.strip():
        raise ConfigError(f"{flag} {text!r}: the name and a colon are missing; write {form}")
    numbers = _numbers(flag, text, rest, form)
    if len(numbers) % 2:
        raise ConfigError(
            f"{flag} {text!r}: {len(numbers)} numbers make no pairs of x and y; write {form}"
        )
    return name.strip(), tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _numbers(flag: str, text: str, part: str, form: str) -> list[float]:
    numbers = []
    for field in part.split(","):
        try:
            number = float(field)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise ConfigError(f"{flag} {text!r}: {field.strip()!r} is not a number; write {form}")
        numbers.append(number)
    return numbers


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return "1 point" if len(points) == 1 else f"{len(points)} points"


def _build(kind: type[Place], text: str, flag: str, values: dict[str, object]) -> Place:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{flag} {text!r}: {reason}") from None
