"""What is to be rolled out, to whom, how carefully, and when it counts as bad."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sightline.hub.refused import Refused
from sightline.wire.control import ModelRef

# At least this much of what it was or of what both agree on; at most this much more.
LEAST = {"agreement": 0.5, "fps": 0.8, "counts": 0.5}
MOST = {"latency_ratio": 2.0, "heat_c": 15.0, "errors": 2.0, "restarts": 2.0}
_LONGEST_S = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A deployment as it was ordered.

    target      fleet query; cameras that come to match it while it runs join in
    model       the package to run, or
    patch       what to change of the configuration, as a JSON merge patch
    canary      how many cameras go first, all of which have to do well; 0 for none
    batch       how many are changed at a time after that
    shadow_s    how long a new model runs beside the old one on each camera before the switch
    watch_s     how long a camera is watched after the switch before it counts as done
    patience_s  how long a camera that is there may take from being told to the switch
    failures    how many cameras may fail after the canary before everything goes back
    rollback    whether all cameras go back by themselves; otherwise it is paused
    expires_s   after this long cameras that were never there are given up
    gate        limits by name, see docs/deployments.md; what is not named has its default
    """

    target: str
    model: ModelRef | None = None
    patch: dict[str, Any] | None = None
    canary: int = 1
    batch: int = 10
    shadow_s: float = 60.0
    watch_s: float = 60.0
    patience_s: float = 900.0
    failures: int = 0
    rollback: bool = True
    expires_s: float = 86400.0
    gate: dict[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def limits(self) -> dict[str, float]:
        """The whole gate."""
        return LEAST | MOST | self.gate

    def check(self) -> None:
        """Raises Refused for a plan that cannot be meant."""
        if (self.model is None) == (self.patch is None):
            raise Refused("a deployment brings either a model or a change of the configuration")
        if not 0 <= self.canary <= 1000 or not 1 <= self.batch <= 1000:
            raise Refused("a canary is 0 to 1000 cameras, a batch 1 to 1000")
        if not 0 <= self.failures <= 1000:
            raise Refused("between 0 and 1000 cameras may fail")
        for name in ("shadow_s", "watch_s", "patience_s", "expires_s"):
            if not 0 <= getattr(self, name) <= _LONGEST_S:
                raise Refused(f"{name} is a number of seconds, at most a week")
        if self.patience_s <= self.shadow_s:
            raise Refused("patience_s has to be longer than shadow_s: the camera tries that long")
        for name, limit in self.gate.items():
            if name not in LEAST | MOST or not 0 <= limit < float("inf"):
                known = ", ".join(LEAST | MOST)
                raise Refused(f"gate: {name!r:.40} = {limit} is no limit; there are {known}")
        if len(self.note) > 500:
            raise Refused("a note has at most 500 characters")
