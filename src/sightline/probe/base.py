"""What reads numbers off pictures: the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sightline.geometry.warp import Matrix
from sightline.picture import Picture


class Probe(Protocol):
    """Looks at a picture now and then, for well under a millisecond, and puts out numbers.

    Analytics see no pictures. What needs pixels is worked out here, on a small copy of the
    picture, and goes with the frame into the metadata, so that the analytic that reads it can
    be run again without the picture. A probe remembers what it needs to compare with; that
    never leaves it.

    name     as the metadata calls its numbers
    every_s  seconds between looks
    """

    name: str
    every_s: float

    def look(self, picture: Picture, moved: Matrix) -> Sequence[float]:
        """The numbers of one picture, whose contents are `moved` from where they were when the
        camera was set up."""
        ...
