"""Which probes look at a camera's pictures: those whose numbers its analytics read."""

from __future__ import annotations

from sightline.probe.base import Probe
from sightline.probe.shelf import ShelfProbe
from sightline.probe.view import ViewProbe
from sightline.source.uri import kind
from sightline.twin.config import CameraConfig

_ALBUMS = ("images",)  # sources whose pictures are not of one view


def probes(config: CameraConfig) -> list[Probe]:
    """The probes, the view's first. Raises InputError for a reference that cannot be read."""
    found: list[Probe] = []
    if config.view.watch and kind(config.source.uri) not in _ALBUMS:
        found.append(ViewProbe())
    found += [
        ShelfProbe(shelf.name, shelf.polygon, shelf.rows, shelf.columns, shelf.reference)
        for shelf in config.shelves
        if shelf.by == "picture"
    ]
    return found
