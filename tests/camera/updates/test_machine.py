"""The way of an update: whatever fails, and wherever the power goes, a camera runs in the end."""

from itertools import product
from typing import Any

import msgspec
import pytest

from sightline.camera.updates.machine import (
    Action,
    Back,
    Build,
    Fetch,
    Machine,
    Report,
    Save,
    Settle,
    Standing,
    Switch,
    Try,
    standing_of,
)
from sightline.wire.control import Desired, ModelRef

MODEL = ModelRef("people", "2", "ab" * 32, 1000, "/api/v1/models/people/2/package")
OLD = Desired(1, {"detect": {"score": 0.4}})
NEW = Desired(2, {}, MODEL, "rollout", shadow_s=5, gate={"agreement": 0.7})
GOOD = {"pictures": 50.0, "agreement": 0.9}


class World:
    """Does what the machine says, on a disk that outlives it; `cut` takes the power away."""

    def __init__(self, faults: frozenset[str] = frozenset()) -> None:
        self.disk: Any = None
        self.faults = faults
        self.running: int | None = 0
        self.reports: list[tuple[int, str, str]] = []
        self.steps = 0
        self.cut_at = -1
        self.hub: Desired | None = None

    def boot(self) -> None:
        self.machine = Machine(standing_of(msgspec.json.decode(self.disk) if self.disk else None))
        self.perform(self.machine.started(), starting=True)
        runs = self.machine.runs
        self.running = runs.version if runs else 0
        standing = self.machine.standing
        if standing.next is not None and standing.stage == "switched":
            self.prove(standing.next)
        self.perform(self.machine.resumed())
        if self.hub is not None:
            self.perform(self.machine.wanted(self.hub))

    def want(self, desired: Desired) -> None:
        self.hub = desired
        self.perform(self.machine.wanted(desired))

    def prove(self, desired: Desired) -> None:
        if "run" in self.faults:
            self.perform(self.machine.failed(desired.version, "it crashed"))
        else:
            self.perform(self.machine.proved(desired.version))

    def perform(self, actions: list[Action], starting: bool = False) -> None:
        for action in actions:
            self.step()
            match action:
                case Save(standing):
                    self.disk = msgspec.json.encode(standing)
                    self.step()
                case Report(answer):
                    self.reports.append((answer.version, answer.state, answer.error))
                case _ if starting:
                    continue
                case Fetch(desired):
                    error = "no such file" if "fetch" in self.faults else ""
                    self.perform(self.machine.fetched(desired.version, error))
                case Build(desired):
                    error = "unsound" if "build" in self.faults else ""
                    self.perform(self.machine.built(desired.version, error))
                case Try(desired):
                    trial = {"pictures": 50.0, "agreement": 0.1} if "try" in self.faults else GOOD
                    self.perform(self.machine.tried(desired.version, trial))
                case Switch(desired):
                    self.running = desired.version
                    self.step()
                    self.prove(desired)
                case Back():
                    good = self.machine.standing.good
                    self.running = good.version if good else 0
                case Settle():
                    pass

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.cut_at:
            raise PowerCut


class PowerCut(Exception):
    pass


def test_a_good_model_goes_all_the_way() -> None:
    world = World()
    world.boot()
    world.want(NEW)
    assert world.running == 2
    assert world.reports[-1] == (2, "applied", "")
    assert world.machine.standing == Standing(good=NEW, answer=world.machine.standing.answer)
    assert world.machine.standing.answer.trial == GOOD


@pytest.mark.parametrize(
    ("fault", "state", "words"),
    [
        ("fetch", "rejected", "no such file"),
        ("build", "rejected", "unsound"),
        ("try", "rejected", "agreement is 0.1, and has to be 0.7 at least"),
        ("run", "rolled-back", "it crashed"),
    ],
)
def test_what_fails_leaves_the_old_one_running(fault: str, state: str, words: str) -> None:
    world = World()
    world.boot()
    world.want(OLD)
    world.faults = frozenset({fault})
    world.want(NEW)
    assert world.running == 1
    assert world.reports[-1] == (2, state, words)
    world.want(NEW)  # the hub says it again at the next connection
    assert world.running == 1
    assert world.reports[-1] == (2, state, words)
    assert world.machine.standing.good == OLD


FAULTS = [frozenset(), *(frozenset({name}) for name in ("fetch", "build", "try", "run"))]


@pytest.mark.parametrize(("faults", "shadow"), list(product(FAULTS, [0.0, 5.0])))
def test_a_power_cut_at_every_step_leaves_a_working_camera(
    faults: frozenset[str], shadow: float
) -> None:
    wanted = msgspec.convert(msgspec.to_builtins(NEW) | {"shadow_s": shadow}, Desired)
    whole = World()
    whole.boot()
    whole.want(OLD)
    whole.faults = faults
    begun = whole.steps
    whole.want(wanted)
    for step in range(begun + 1, whole.steps + 1):
        world = World()
        world.boot()
        world.want(OLD)
        world.faults, world.cut_at = faults, step
        with pytest.raises(PowerCut):
            world.want(wanted)
        world.hub = wanted
        world.boot()
        assert world.running == whole.running, f"cut at step {step}"
        assert world.reports[-1][:2] == whole.reports[-1][:2]
        assert world.machine.standing == whole.machine.standing


def test_one_that_kills_the_program_is_left_after_two_starts() -> None:
    disk = msgspec.json.encode(Standing(good=OLD, next=NEW, stage="switched"))
    for start in range(3):
        machine = Machine(standing_of(msgspec.json.decode(disk)))
        actions = machine.started()
        [*saves] = [action for action in actions if isinstance(action, Save)]
        disk = msgspec.json.encode(saves[-1].standing)
        assert machine.runs == (NEW if start < 2 else OLD)
    assert actions[-1] == Report(machine.standing.answer)
    assert machine.standing.answer.state == "rolled-back"


def test_a_newer_wish_takes_the_place_of_one_on_its_way() -> None:
    machine = Machine(Standing(good=OLD))
    machine.wanted(NEW)
    newer = Desired(3, {})
    assert Build(newer) in machine.wanted(newer)
    assert machine.fetched(2) == []  # what comes of the old one says nothing
    assert machine.built(3)[-1] == Switch(newer)
    last = Desired(4, {})
    assert machine.wanted(last)[0] == Back()  # 3 had not proved itself


def test_a_damaged_file_is_a_fresh_start() -> None:
    assert standing_of({"stage": 7}) == Standing()
    assert standing_of(None) == Standing()
