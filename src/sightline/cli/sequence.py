"""What a file of boxes does not tell: the size of its pictures and how many come a second."""

from __future__ import annotations

import configparser
from dataclasses import dataclass
from pathlib import Path

from sightline.cli.parse import parse_size
from sightline.errors import ConfigError, InputError


@dataclass(frozen=True, slots=True)
class Sequence:
    """Width and height in pixels, pictures a second."""

    width: int
    height: int
    fps: float


def describe(path: Path, size: str | None, fps: float | None) -> Sequence:
    """What was given goes first, then MOTChallenge's seqinfo.ini beside or above the file.

    Raises ConfigError where nobody tells the size, InputError for a seqinfo.ini of another kind.
    """
    found = next(
        (
            ini
            for folder in (path.parent, path.parent.parent)
            if (ini := folder / "seqinfo.ini").is_file()
        ),
        None,
    )
    known = _read(found) if found else None
    if size is not None:
        width, height = parse_size(size)
    elif known is not None:
        width, height = known.width, known.height
    else:
        raise ConfigError(f"{path} does not tell the size of its pictures: give --size WxH")
    return Sequence(width, height, fps or (known.fps if known else 30.0))


def _read(path: Path) -> Sequence:
    parser = configparser.ConfigParser()
    try:
        parser.read(path, encoding="utf-8")
        section = parser["Sequence"]
        found = Sequence(
            int(section["imWidth"]), int(section["imHeight"]), float(section["frameRate"])
        )
    except (configparser.Error, KeyError, ValueError, OSError) as error:
        raise InputError(f"{path} is no MOTChallenge seqinfo.ini: {error}") from None
    if min(found.width, found.height, found.fps) <= 0:
        raise InputError(f"{path} holds a size or frame rate that is not positive")
    return found
