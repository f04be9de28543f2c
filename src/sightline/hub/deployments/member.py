"""One camera within a deployment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sightline.hub.deployments.gate import Baseline
from sightline.wire.control import Desired, Health, Reported

# waiting    not told yet
# told       told; it downloads, checks, tries
# watched    it has switched; its health is looked at
# done       it does well
# returning  told to be again what it was
# returned   it is again what it was
# stuck      it was to go back and did not
# taken      somebody else changed it meanwhile; it is left alone
# left       it no longer matches the target, and had not been told
# gone       revoked
# missed     was not there until the deployment ended
MemberState = Literal[
    "waiting", "told", "watched", "done", "returning", "returned", "stuck", "taken", "left",
    "gone", "missed",
]  # fmt: skip

IN_FLIGHT: tuple[MemberState, ...] = ("told", "watched", "returning")
CHANGED: tuple[MemberState, ...] = ("told", "watched", "done")
AWAY_S = 60.0  # a camera that is away longer holds nobody up


@dataclass(frozen=True, slots=True)
class Member:
    """Where a camera stands.

    since_ns   when it came into this state, or came back while in it
    lost_ns    since when it is away; 0 while it is there
    version    of its twin that it was last told
    before     what it was to be before, to go back to
    baseline   how it did before
    stage      where the new thing is on its way, as the camera says
    trial      what the camera measured of the new model beside the old one
    boot       of its newest health report since the switch; `restarts` counts how often it changed
    failed     whether it did badly; `why` says how
    """

    camera: str
    state: MemberState = "waiting"
    since_ns: int = 0
    lost_ns: int = 0
    version: int = 0
    before: Desired | None = None
    baseline: Baseline = field(default_factory=Baseline)
    stage: str = ""
    trial: dict[str, float] = field(default_factory=dict)
    boot: str = ""
    restarts: int = 0
    failed: bool = False
    why: str = ""

    def counts_now(self, now_ns: int) -> bool:
        """Whether others wait for it."""
        away = bool(self.lost_ns) and now_ns - self.lost_ns > AWAY_S * 1e9
        return self.state in IN_FLIGHT and not away


@dataclass(frozen=True, slots=True)
class Sight:
    """What the hub knows of a camera at one moment.

    known    whether it is enrolled and not revoked
    busy     whether it is in the middle of another deployment
    holder   the deployment that its desired state comes from
    """

    connected: bool
    known: bool = True
    busy: bool = False
    holder: str = ""
    reported: Reported | None = None
    health: Health | None = None
