"""Whether pictures in files of their own are a film, or have nothing to do with one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from sightline.source.image_size import image_size

_NUMBER = re.compile(r"\d+(?!.*\d)")
_LOOKED_AT = 32  # files whose size is compared, evenly out of all
_HEADER = 1 << 18  # bytes in which an image says how large it is, even behind a thumbnail


def unrelated(paths: Sequence[Path]) -> bool:
    """True for one picture, and for many unless they look like a film.

    A film is pictures of one size whose names differ only in a number that goes on evenly:
    000001.jpg, 000002.jpg, or shot5.png, shot10.png, shot15.png.

    paths  in their order
    """
    return len(paths) < 2 or not (_evenly_numbered(paths) and _same_size(paths))


def _evenly_numbered(paths: Sequence[Path]) -> bool:
    numbers, stems = [], set()
    for path in paths:
        found = _NUMBER.search(path.stem)
        if found is None:
            return False
        numbers.append(int(found[0]))
        around = path.stem[: found.start()], path.stem[found.end() :]
        stems.add((path.parent, *around, path.suffix))
    steps = {b - a for a, b in pairwise(numbers)}
    return len(stems) == 1 and len(steps) == 1


def _same_size(paths: Sequence[Path]) -> bool:
    """A file that does not say its size may be damaged, and tells nothing."""
    some = paths[:: max(1, len(paths) // _LOOKED_AT)]
    return len({size for path in some if (size := _size(path))}) < 2


def _size(path: Path) -> tuple[int, int] | None:
    try:
        with path.open("rb") as file:
            return image_size(file.read(_HEADER))
    except OSError:
        return None
