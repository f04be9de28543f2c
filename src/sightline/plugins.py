"""One door for every exchangeable part: our own table first, then entry points."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from sightline.errors import ConfigError


def load(group: str, name: str, table: Mapping[str, str]) -> Any:
    """Return the object called `name` in `table` ("module:attribute"), imported only now.

    A name that our table does not know is looked up among the entry points of the group
    `sightline.<group>`, so that other packages join by the same door.
    Raises ConfigError when nobody offers that name.
    """
    if name in table:
        module, _, attribute = table[name].partition(":")
        return getattr(import_module(module), attribute)
    for point in entry_points(group=f"sightline.{group}", name=name):
        return point.load()
    raise ConfigError(
        f"there is no {group} called {name!r}; choose one of {', '.join(names(group, table))}"
    )


def names(group: str, table: Mapping[str, str]) -> list[str]:
    """Every name that `load` would find, sorted."""
    return sorted({*table, *(point.name for point in entry_points(group=f"sightline.{group}"))})
