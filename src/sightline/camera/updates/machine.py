"""How a camera comes to what its hub wants of it, and back from what does not work.

```
             Fetch          Build            Try               Switch         (probation)
 desired --> downloading --> staged --------> shadow ---------> switched ----> applied
                 |             |    no model,    |                 |
                 |             |    or shadow_s 0 ---------------->|
                 v             v                 v                 v
              rejected      rejected          rejected         rolled back
```

Pure: what happened goes in, what is to be done comes out, and `Save` is always done before what
comes after it. So a power cut between any two steps finds on disk where it stood: before the
switch the camera starts with what it ran and takes the step again; after it, it starts with the
new one on probation, twice at most, and then goes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from sightline.camera.updates.trial import verdict
from sightline.wire.control import Desired, Stage, State

_MOST_STARTS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hub is told of a version: the fields of `Reported` that say how it went."""

    version: int = 0
    state: State = "applied"
    stage: Stage = ""
    error: str = ""
    trial: dict[str, float] = field(default_factory=dict)
    deployment: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept on disk.

    good    what runs, and is known to work; None: what the camera was started with
    next    what it is to become
    starts  how often the program was started with `next` before it had proved itself
    """

    good: Desired | None = None
    next: Desired | None = None
    stage: Stage = ""
    starts: int = 0
    trial: dict[str, float] = field(default_factory=dict)
    answer: Answer = Answer()


@dataclass(frozen=True, slots=True)
class Save:
    standing: Standing


@dataclass(frozen=True, slots=True)
class Fetch:
    """Get the package, check its hash and its signature."""

    desired: Desired


@dataclass(frozen=True, slots=True)
class Build:
    """Validate the configuration, load the network, run the package's own samples."""

    desired: Desired


@dataclass(frozen=True, slots=True)
class Try:
    """Run what was built beside what runs."""

    desired: Desired


@dataclass(frozen=True, slots=True)
class Switch:
    """Let what was built take over."""

    desired: Desired


@dataclass(frozen=True, slots=True)
class Settle:
    """It works: what ran before is not gone back to any more by itself."""


@dataclass(frozen=True, slots=True)
class Back:
    """Return to what ran before."""


@dataclass(frozen=True, slots=True)
class Report:
    answer: Answer


Action: TypeAlias = Save | Fetch | Build | Try | Switch | Settle | Back | Report


class Machine:
    """One camera's way. Events that are of another version than the one at hand say nothing."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing

    @property
    def runs(self) -> Desired | None:
        """What the program is to start with; None: what it was started with by hand."""
        on_probation = self.standing.stage == "switched" and self.standing.next is not None
        return self.standing.next if on_probation else self.standing.good

    def started(self) -> list[Action]:
        """The program begins, before anything runs."""
        now = self.standing
        if now.next is None:
            return [Report(now.answer)]
        if now.stage != "switched":
            return self._report("pending")
        if now.starts >= _MOST_STARTS:
            return self._fell_back("the camera was started again and again with it", back=False)
        return [self._save(replace(now, starts=now.starts + 1)), *self._report("pending")]

    def resumed(self) -> list[Action]:
        """The camera runs again, and goes on with what was on its way."""
        now = self.standing
        return [] if now.next is None or now.stage == "switched" else self._begin(now.next)

    def wanted(self, desired: Desired) -> list[Action]:
        """The hub says what it wants, for the first time or again."""
        now = self.standing
        if now.next is not None and now.next.version == desired.version:
            return self._report("pending")
        if now.next is None and now.answer.version == desired.version:
            return [Report(now.answer)]
        back: list[Action] = [Back()] if now.stage == "switched" else []
        return [*back, *self._begin(desired)]

    def fetched(self, version: int, error: str = "") -> list[Action]:
        """The package is here and sound, or not."""
        desired = self._at(version, "downloading")
        if desired is None:
            return []
        if error:
            return self._rejected(error)
        return [*self._enter("staged"), Build(desired)]

    def built(self, version: int, error: str = "") -> list[Action]:
        """It can run, or not."""
        desired = self._at(version, "staged")
        if desired is None:
            return []
        if error:
            return self._rejected(error)
        same = self.standing.good is not None and self.standing.good.model == desired.model
        if desired.model is not None and desired.shadow_s > 0 and not same:
            return [*self._enter("shadow"), Try(desired)]
        return self._switch(desired)

    def tried(self, version: int, trial: dict[str, float], error: str = "") -> list[Action]:
        """The trial is over."""
        desired = self._at(version, "shadow")
        if desired is None:
            return []
        self.standing = replace(self.standing, trial=trial)
        fault = error or verdict(trial, desired.gate)
        return self._rejected(fault) if fault else self._switch(desired)

    def proved(self, version: int) -> list[Action]:
        """It has run for a while as it should."""
        desired = self._at(version, "switched")
        if desired is None:
            return []
        answer = Answer(
            version, "applied", "switched" if desired.model else "", "", self.standing.trial,
            desired.deployment,
        )  # fmt: skip
        return [self._save(Standing(good=desired, answer=answer)), Settle(), Report(answer)]

    def failed(self, version: int, error: str, gone_back: bool = False) -> list[Action]:
        """It does not work; `gone_back` where the thread has left it already."""
        if self._at(version, "switched") is None:
            return []
        return self._fell_back(error, back=not gone_back)

    def _begin(self, desired: Desired) -> list[Action]:
        fetch = desired.model is not None
        self.standing = Standing(self.standing.good, desired, answer=self.standing.answer)
        first: Action = Fetch(desired) if fetch else Build(desired)
        return [*self._enter("downloading" if fetch else "staged"), first]

    def _switch(self, desired: Desired) -> list[Action]:
        return [*self._enter("switched"), Switch(desired)]

    def _enter(self, stage: Stage) -> list[Action]:
        return [self._save(replace(self.standing, stage=stage)), *self._report("pending")]

    def _rejected(self, error: str) -> list[Action]:
        return self._over("rejected", "failed", error)

    def _fell_back(self, error: str, *, back: bool) -> list[Action]:
        over = self._over("rolled-back", "rolled-back", error)
        return [over[0], Back(), *over[1:]] if back else over

    def _over(self, state: State, stage: Stage, error: str) -> list[Action]:
        now = self.standing
        assert now.next is not None
        answer = Answer(now.next.version, state, stage, error, now.trial, now.next.deployment)
        return [self._save(Standing(now.good, answer=answer)), Report(answer)]

    def _report(self, state: State) -> list[Action]:
        now = self.standing
        assert now.next is not None
        trial, deployment = now.trial, now.next.deployment
        stage: Stage = now.stage if now.next.model else ""
        return [Report(Answer(now.next.version, state, stage, "", trial, deployment))]

    def _at(self, version: int, stage: Stage) -> Desired | None:
        now = self.standing
        here = now.next is not None and now.next.version == version and now.stage == stage
        return now.next if here else None

    def _save(self, standing: Standing) -> Save:
        self.standing = standing
        return Save(standing)


def standing_of(value: Any) -> Standing:
    """A standing from plain JSON values; the first one where they are none."""
    import msgspec

    try:
        return msgspec.convert(value, Standing) if value else Standing()
    except msgspec.ValidationError:
        return Standing()
