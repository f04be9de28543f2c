"""Class names: sets that everybody knows, text files, and what users call the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from sightline.errors import ConfigError, InputError
from sightline.results.coco import COCO, COCO_90, FORMER

SETS: dict[str, tuple[str, ...]] = {
    "coco": COCO,
    "coco-90": COCO_90,
    "coco-91": ("unused 0", *COCO_90),  # the label is the category id
}

_MOST = 100_000


def read_labels(ref: str) -> tuple[str, ...]:
    """The names that `ref` means: a known set, or a text file with one name a line.

    Raises InputError for a file that is missing or holds no names.
    """
    if ref in SETS:
        return SETS[ref]
    path = Path(ref)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError(
            f"labels {ref!r}: neither a readable text file nor one of {', '.join(SETS)}"
        ) from None
    names = tuple(line.strip() for line in text.splitlines())
    while names and not names[-1]:
        names = names[:-1]
    if not names or len(names) > _MOST:
        raise InputError(f"labels {ref}: the file should hold one name a line, at least one")
    return names


def default_labels(count: int) -> tuple[str, ...]:
    """Names for a network that has none: eighty classes are COCO's, ninety and one more
    those with gaps."""
    for names in SETS.values():
        if len(names) == count:
            return names
    return tuple(f"class {i}" for i in range(count))


def chosen(classes: Sequence[str], labels: Sequence[str]) -> frozenset[int]:
    """Indices of the class names that a user asks for, old spellings too.

    Raises ConfigError for a name that the network does not know, with those it may mean.
    """
    found: set[int] = set()
    for name in classes:
        meant = {name.strip(), FORMER.get(name.strip(), name.strip())}
        meant |= {old for old, new in FORMER.items() if new in meant}
        indices = [i for i, label in enumerate(labels) if label in meant]
        if not indices:
            near = get_close_matches(name, labels, 3, 0.5) or list(labels[:8])
            more = ", …" if len(labels) > len(near) else ""
            raise ConfigError(
                f"this network knows no class {name!r}; it knows {', '.join(near)}{more}"
            )
        found.update(indices)
    return frozenset(found)
