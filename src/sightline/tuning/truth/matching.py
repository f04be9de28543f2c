"""Which class of a network is which class of the truth: by name, old spellings too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.errors import ConfigError
from sightline.results.coco import FORMER


def index_of(labels: Sequence[str], names: Sequence[str]) -> NDArray[np.int32]:
    """For each class name of a network the index of the same class in `names`, or -1.

    A network without names ("class 0", ...) has as many classes as the truth, in its order.
    Raises ConfigError where the two have no class in common.
    """
    places = {_plain(name): number for number, name in enumerate(names)}
    found = [places.get(_plain(label), -1) for label in labels]
    if max(found, default=-1) < 0:
        if len(labels) == len(names) and all(label.startswith("class ") for label in labels):
            return np.arange(len(labels), dtype=np.int32)
        raise ConfigError(
            f"the network knows {_some(labels)}; the data has {_some(names)}: no class in "
            "common; name the network's classes with --labels"
        )
    return np.array(found, np.int32)


def _plain(name: str) -> str:
    """Lists of ImageNet give synonyms after a comma; the first one counts."""
    name = name.strip().lower().replace("_", " ").partition(",")[0]
    return FORMER.get(name, name)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
