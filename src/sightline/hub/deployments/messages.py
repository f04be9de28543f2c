"""What a deployment is told, and what it wants done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sightline.hub.deployments.gate import Baseline
from sightline.hub.deployments.member import Sight
from sightline.wire.control import Desired


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Matches:
    """These cameras match the target now."""

    cameras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Saw:
    """What is known of a camera now."""

    camera: str
    sight: Sight


@dataclass(frozen=True, slots=True)
class Told:
    """A Tell or Restore was done: the twin has this version now.

    before, baseline  of a Tell: what the camera was to be, and how it did
    """

    camera: str
    version: int
    before: Desired | None = None
    baseline: Baseline = field(default_factory=Baseline)


@dataclass(frozen=True, slots=True)
class Order:
    """What a person wants."""

    verb: Literal["pause", "resume", "abort", "rollback"]
    by: str = ""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A Tell could not be done: what the plan says is nothing for this camera."""

    camera: str
    why: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """A Restore was not done: what the camera has is somebody else's by now."""

    camera: str


@dataclass(frozen=True, slots=True)
class Superseded:
    """A later deployment wants these cameras too."""

    cameras: frozenset[str]
    by: str


Message = Tick | Matches | Saw | Told | Unfit | Foreign | Superseded | Order


@dataclass(frozen=True, slots=True)
class Tell:
    """Give the camera what the plan says."""

    camera: str


@dataclass(frozen=True, slots=True)
class Restore:
    """Give the camera what it had before, if what it has is still ours."""

    camera: str


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the log; `camera` is empty for the deployment as a whole."""

    camera: str
    state: str
    why: str


Action = Tell | Restore | Note
