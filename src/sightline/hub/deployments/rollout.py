"""The state machine of a deployment: messages in, actions out, no clock and no socket of its own.

| state       | message            | then                                                  |
|-------------|--------------------|-------------------------------------------------------|
| running     | Tick               | tells the canary, then batch after batch; at last done, |
|             |                    | or aborted where in the end no camera runs it          |
| running     | a camera does badly | returning, or paused where it may not go back by itself |
| running     | Pause              | paused: nobody new is told, the others are watched on  |
| paused      | Resume             | running                                               |
| running, paused | Abort          | aborting: who is in the middle goes back, then aborted |
| any but rolled-back | GoBack     | returning: everybody goes back, then rolled-back       |

What a camera goes through is in `member`. docs/deployments.md draws both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Literal

from sightline.hub.deployments import gate
from sightline.hub.deployments.member import CHANGED, Member, MemberState, Sight
from sightline.hub.deployments.messages import (
    Action,
    Foreign,
    Matches,
    Message,
    Note,
    Order,
    Restore,
    Saw,
    Superseded,
    Tell,
    Tick,
    Told,
    Unfit,
)
from sightline.hub.deployments.plan import Plan
from sightline.hub.refused import Taken
from sightline.wire.control import Reported

State = Literal["running", "paused", "done", "aborting", "aborted", "returning", "rolled-back"]
ACTIVE: tuple[State, ...] = ("running", "paused", "aborting", "returning")
_TRYING = ("downloading", "staged", "shadow")
_SILENT_S = 90.0  # three health reports


class Rollout:
    """A deployment under way. `members` and `state` are all there is to store."""

    def __init__(
        self,
        id: str,
        plan: Plan,
        created_ns: int,
        state: State = "running",
        members: Iterable[Member] = (),
    ) -> None:
        self.id = id
        self.plan = plan
        self.created_ns = created_ns
        self.state: State = state
        self.members = {member.camera: member for member in members}

    def on_message(self, message: Message, now_ns: int) -> list[Action]:
        """What is to be done about it. Raises Taken for an order that comes too late."""
        match message:
            case Saw(camera, sight) if camera in self.members:
                return list(self._saw(self.members[camera], sight, now_ns))
            case Told(camera) if camera in self.members:
                return list(self._told(message, now_ns))
            case Unfit(camera, why) if camera in self.members:
                return list(self._failed(self.members[camera], why, now_ns, told=False))
            case Foreign(camera) if camera in self.members:
                return [self._move(camera, "taken", "somebody else changed it since", now_ns)]
            case Superseded(wanted, by):
                return list(self._superseded(wanted, by, now_ns))
            case Matches(cameras):
                return list(self._matches(cameras, now_ns))
            case Order(verb, by):
                return list(self._ordered(verb, by, now_ns))
            case Tick():
                return list(self._tick(now_ns))
        return []

    # People

    def _ordered(self, verb: str, by: str, now_ns: int) -> Iterator[Action]:
        allowed: dict[str, tuple[State, ...]] = {
            "pause": ("running",), "resume": ("paused",), "abort": ("running", "paused"),
            "rollback": ("running", "paused", "aborting", "done", "aborted"),
        }  # fmt: skip
        if self.state not in allowed[verb]:
            raise Taken(f"deployment {self.id} is {self.state}; it is too late to {verb} it")
        why = f"{by or 'somebody'} asked for it"
        match verb:
            case "pause":
                yield self._enter("paused", why)
            case "resume":
                yield self._enter("running", why)
            case "abort":
                yield self._enter("aborting", why)
                yield from self._send_back(
                    ("told", "watched"), "the deployment was aborted", now_ns
                )
            case "rollback":
                yield from self._go_back(why, now_ns)
        yield from self._finished(now_ns)

    # Cameras

    def _matches(self, cameras: tuple[str, ...], now_ns: int) -> Iterator[Action]:
        if self.state not in ("running", "paused"):
            return
        for camera in cameras:
            known = self.members.get(camera)
            if known is None or known.state == "left":
                self.members[camera] = known or Member(camera)
                yield self._move(camera, "waiting", "matches the target", now_ns)
        for camera in self.members.keys() - set(cameras):
            if self.members[camera].state == "waiting":
                yield self._move(camera, "left", "no longer matches the target", now_ns)

    def _superseded(self, wanted: frozenset[str], by: str, now_ns: int) -> Iterator[Action]:
        for camera in sorted(wanted & self.members.keys()):
            if self.members[camera].state == "waiting":
                yield self._move(camera, "taken", f"deployment {by} came later", now_ns)

    def _saw(self, member: Member, sight: Sight, now_ns: int) -> Iterator[Action]:
        camera = member.camera
        if not sight.known:
            if member.state in ("waiting", "told", "watched", "returning"):
                yield self._move(camera, "gone", "was revoked", now_ns)
            return
        if member.state in ("told", "watched") and sight.holder != self.id:
            who = f"deployment {sight.holder}" if sight.holder else "a change by hand"
            yield self._move(camera, "taken", f"{who} came in between", now_ns)
            return
        member = self._presence(member, sight, now_ns)
        if member.state == "waiting":
            ready = sight.connected and not sight.busy and self._has_room(now_ns)
            if ready:
                yield self._move(camera, "told", self._reason(), now_ns)
                yield Tell(camera)
        elif member.state == "told":
            yield from self._told_camera(member, sight.reported, now_ns)
        elif member.state == "watched":
            yield from self._watched_camera(member, sight, now_ns)
        elif member.state == "returning":
            yield from self._returning_camera(member, sight.reported, now_ns)

    def _presence(self, member: Member, sight: Sight, now_ns: int) -> Member:
        """Remember since when a camera is away; its patience begins anew when it is back."""
        if sight.connected and member.lost_ns:
            member = replace(member, lost_ns=0, since_ns=now_ns)
        elif not sight.connected and not member.lost_ns:
            member = replace(member, lost_ns=now_ns)
        self.members[member.camera] = member
        return member

    def _told(self, done: Told, now_ns: int) -> Iterator[Action]:
        member = self.members[done.camera]
        if member.state == "told":
            member = replace(member, before=done.before, baseline=done.baseline)
        self.members[done.camera] = replace(member, version=done.version, since_ns=now_ns)
        return iter(())

    def _told_camera(self, member: Member, said: Reported | None, now_ns: int) -> Iterator[Action]:
        if said is not None and said.version >= member.version:
            fault = gate.refused_by_camera(said) or gate.beyond(said.trial, self.plan.limits)
            if fault:
                yield from self._failed(replace(member, trial=said.trial), fault, now_ns)
                return
            if said.stage != member.stage:
                member = replace(member, stage=said.stage)
                yield Note(member.camera, f"told, {said.stage or said.state}", _numbers(said.trial))
            self.members[member.camera] = member = replace(member, trial=said.trial)
            if said.state == "applied" and said.stage not in _TRYING:
                wrong = self._other_model(said)
                if wrong:
                    yield from self._failed(member, wrong, now_ns)
                else:
                    why = f"runs it; its health is watched for {self.plan.watch_s:g} s"
                    yield self._move(member.camera, "watched", why, now_ns)
                return
        if not member.lost_ns and now_ns - member.since_ns > self.plan.patience_s * 1e9:
            why = f"has not switched within {self.plan.patience_s:g} s"
            yield from self._failed(member, why, now_ns)

    def _other_model(self, said: Reported) -> str:
        wanted = self.plan.model
        if wanted is None or not said.model.get("name"):
            return ""
        if (said.model["name"], said.model.get("version", "")) == (wanted.name, wanted.version):
            return ""
        return f"runs {said.model['name']} {said.model.get('version', '')} instead".strip()

    def _watched_camera(self, member: Member, sight: Sight, now_ns: int) -> Iterator[Action]:
        said, health, limits = sight.reported, sight.health, self.plan.limits
        if said is not None and said.version >= member.version:
            fault = gate.refused_by_camera(said)
            if fault:
                yield from self._failed(member, fault, now_ns)
                return
        fresh = health is not None and health.config_version >= member.version
        if health is not None and fresh:
            new_boot = bool(member.boot) and health.boot != member.boot
            member = replace(member, boot=health.boot, restarts=member.restarts + new_boot)
            self.members[member.camera] = member
            fault = gate.at_once(health, member.baseline, member.restarts, limits)
            if fault:
                yield from self._failed(member, fault, now_ns)
                return
        watched_s = (now_ns - member.since_ns) / 1e9
        if member.lost_ns or watched_s < self.plan.watch_s:
            return
        if health is not None and fresh:
            fault = gate.in_the_end(health, member.baseline, limits)
            if fault:
                yield from self._failed(member, fault, now_ns)
            else:
                yield self._move(member.camera, "done", f"{health.fps:.1f} fps", now_ns)
        elif watched_s > self.plan.watch_s + _SILENT_S:
            yield from self._failed(member, "has not said how it is since the switch", now_ns)

    def _returning_camera(
        self, member: Member, said: Reported | None, now_ns: int
    ) -> Iterator[Action]:
        camera = member.camera
        if said is not None and said.version >= member.version:
            fault = gate.refused_by_camera(said)
            if fault:
                yield self._move(camera, "stuck", fault, now_ns)
                return
            if said.state == "applied" and said.stage not in _TRYING:
                yield self._move(camera, "returned", member.why or "is what it was", now_ns)
                return
        if not member.lost_ns and now_ns - member.since_ns > self.plan.patience_s * 1e9:
            why = f"did not go back within {self.plan.patience_s:g} s"
            yield self._move(camera, "stuck", why, now_ns)

    # The whole

    def _failed(
        self, member: Member, why: str, now_ns: int, *, told: bool = True
    ) -> Iterator[Action]:
        """A camera does badly: it goes back, and perhaps everybody does."""
        canary = self._in_canary()
        self.members[member.camera] = replace(member, failed=True, why=why)
        yield self._move(member.camera, "returning" if told else "returned", why, now_ns)
        if told:
            yield Restore(member.camera)
        if self.state not in ("running", "paused"):
            return
        failed = sum(one.failed for one in self.members.values())
        if not canary and failed <= self.plan.failures:
            return
        which = "the canary" if canary else f"{failed} cameras"
        reason = f"{which} did badly; {member.camera} {why}"
        if self.plan.rollback:
            yield from self._go_back(reason, now_ns)
        elif self.state == "running":
            yield self._enter("paused", reason)

    def _go_back(self, why: str, now_ns: int) -> Iterator[Action]:
        yield self._enter("returning", why)
        yield from self._send_back(CHANGED, "the deployment goes back", now_ns)

    def _send_back(
        self, states: tuple[MemberState, ...], why: str, now_ns: int
    ) -> Iterator[Action]:
        for camera, member in self.members.items():
            if member.state in states:
                yield self._move(camera, "returning", why, now_ns)
                yield Restore(camera)

    def _tick(self, now_ns: int) -> Iterator[Action]:
        if self.state in ("running", "paused"):
            expired = now_ns - self.created_ns > self.plan.expires_s * 1e9
            for camera, member in self.members.items():
                if expired and member.state == "waiting" and member.lost_ns:
                    yield self._move(camera, "missed", "was not there in time", now_ns)
        yield from self._finished(now_ns)

    def _finished(self, now_ns: int) -> Iterator[Action]:
        held_up = any(member.counts_now(now_ns) for member in self.members.values())
        if self.state == "running":
            states = {member.state for member in self.members.values()}
            if not states & {"waiting", "told", "watched"} and not held_up:
                done = sum(member.state == "done" for member in self.members.values())
                reached = f"{done} of {len(self.members)} cameras run it"
                yield self._enter("done" if done else "aborted", reached)
        elif self.state == "aborting" and not held_up:
            yield self._enter("aborted", "nobody is in the middle any more")
        elif self.state == "returning" and not held_up:
            stuck = sum(member.state == "stuck" for member in self.members.values())
            why = f"{stuck} cameras did not go back" if stuck else "every camera is what it was"
            yield self._enter("rolled-back", why)

    def _in_canary(self) -> bool:
        """Whether the first cameras have still to prove it."""
        done = sum(member.state == "done" for member in self.members.values())
        return done < self.plan.canary and any(
            member.state != "done" for member in self.members.values()
        )

    def _has_room(self, now_ns: int) -> bool:
        if self.state != "running":
            return False
        busy = sum(member.counts_now(now_ns) for member in self.members.values())
        done = sum(member.state == "done" for member in self.members.values())
        return busy < (self.plan.canary - done if self._in_canary() else self.plan.batch)

    def _reason(self) -> str:
        return "goes first, as canary" if self._in_canary() else "its turn"

    # Every transition goes through one of these two.

    def _enter(self, state: State, why: str) -> Note:
        self.state = state
        return Note("", state, why)

    def _move(self, camera: str, state: MemberState, why: str, now_ns: int) -> Note:
        member = self.members[camera]
        kept: dict[str, Any] = {} if state != "watched" else {"boot": "", "restarts": 0}
        self.members[camera] = replace(member, state=state, since_ns=now_ns, **kept)
        return Note(camera, state, why)


def _numbers(trial: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in sorted(trial.items()))
