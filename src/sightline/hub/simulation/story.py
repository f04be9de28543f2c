"""Rollouts that never were, told by the machine that carries out real ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from sightline.hub.deployments import records
from sightline.hub.deployments.gate import Baseline
from sightline.hub.deployments.member import Sight
from sightline.hub.deployments.messages import (
    Matches,
    Message,
    Note,
    Restore,
    Saw,
    Tell,
    Tick,
    Told,
)
from sightline.hub.deployments.plan import Plan
from sightline.hub.deployments.rollout import Rollout
from sightline.wire.control import Desired, Health, Reported

_SECOND = 10**9
_BASE = Baseline(8.0, 12.0, 47.0, "running", 1)


@dataclass
class Telling:
    """Carries a plan out on cameras that do what they should, or whose trial comes out badly.

    trial  what every camera measures of the new model beside its old one
    """

    connection: Connection
    id: str
    plan: Plan
    cameras: tuple[str, ...]
    trial: dict[str, float]
    created_ns: int
    by: str
    rollout: Rollout = field(init=False)

    def tell(self) -> None:
        """From its begin to its end."""
        self.rollout = Rollout(self.id, self.plan, self.created_ns)
        records.create(self.connection, self.rollout, self.by)
        self._note(
            Note("", "running", self.plan.note or f"{self.by} asked for it"), self.created_ns
        )
        now = self.created_ns + _SECOND
        self._hear(Matches(self.cameras), now)
        versions = dict.fromkeys(self.cameras, 0)
        while self.rollout.state not in ("done", "rolled-back"):
            now += 20 * _SECOND
            for camera in self.cameras:
                self._hear(Saw(camera, self._sight(camera, now)), now, versions)
            self._hear(Tick(), now, versions)
        records.save(self.connection, self.rollout, {}, now)

    def _hear(self, message: Message, now_ns: int, versions: dict[str, int] | None = None) -> None:
        for action in self.rollout.on_message(message, now_ns):
            match action:
                case Note():
                    self._note(action, now_ns)
                case Tell(camera) | Restore(camera):
                    assert versions is not None
                    versions[camera] += 1
                    told = Told(camera, versions[camera], Desired(0, {}), _BASE)
                    self._hear(told, now_ns, versions)

    def _sight(self, camera: str, now_ns: int) -> Sight:
        member = self.rollout.members[camera]
        passed_s = (now_ns - member.since_ns) / _SECOND
        stage, trial = "", {}
        if member.state == "told" and passed_s < self.plan.shadow_s:
            stage = "shadow"
        elif member.state == "told":
            trial = self.trial
        model = self.plan.model
        said = Reported(
            member.version, "applied", {}, stage="shadow" if stage else "", trial=trial,
            model={"name": model.name, "version": model.version} if model else {},
        )  # fmt: skip
        health = Health(
            camera, "before", now_ns, "running", 9000.0, 7.9, {"median": 12.4, "p95": 18.0},
            temperature_c=47.5, memory_mb=120.0, config_version=member.version,
        )  # fmt: skip
        return Sight(True, holder=self.id, reported=said, health=health)

    def _note(self, line: Note, now_ns: int) -> None:
        records.note(self.connection, self.id, line, now_ns)
