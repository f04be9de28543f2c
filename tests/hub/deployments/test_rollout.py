"""The state machine of a deployment against cameras that behave, misbehave, come and go."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.hub.deployments.gate import Baseline
from sightline.hub.deployments.member import IN_FLIGHT, Sight
from sightline.hub.deployments.messages import (
    Foreign,
    Matches,
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
from sightline.hub.deployments.rollout import ACTIVE, Rollout
from sightline.hub.refused import Refused, Taken
from sightline.wire.control import Desired, Health, ModelRef, Reported

S = 10**9
REF = ModelRef("gate", "2.0.0", "ab", 10, "/x")
PLAN = Plan("site=oslo", model=REF, canary=1, batch=2, shadow_s=0, watch_s=20, patience_s=60)


@dataclass
class Camera:
    """A camera as the hub sees it. `bad`: what it does with the new model."""

    bad: str = ""
    connected: bool = True
    known: bool = True
    version: int = 1
    holder: str = ""
    told_s: float | None = None
    fps: float = 10.0

    def sight(self, now_s: float) -> Sight:
        said = Reported(self.version, "applied", {}, model={"name": "old", "version": "1.0.0"})
        health = Health(
            "c", "b", int(now_s * S), "running", fps=self.fps, config_version=self.version
        )
        new = bool(self.holder)
        if new and self.told_s is not None and now_s - self.told_s > 3:
            model = {"name": "gate", "version": "2.0.0"}
            said = Reported(self.version, "applied", {}, model=model, stage="switched")
            if self.bad == "refuses":
                said = replace(said, state="rejected", error="the signature is wrong")
            if self.bad == "slow":
                health = replace(health, fps=1.0)
            if self.bad == "fails":
                health = replace(health, state="failed", errors=((int(now_s * S), "it broke"),))
            if self.bad == "disagrees":
                said = replace(said, trial={"agreement": 0.1})
        elif new:
            said = replace(said, version=self.version - 1)
        if new and self.bad == "hangs":
            said = replace(said, version=self.version, stage="downloading", state="pending")
        return Sight(self.connected, self.known, False, self.holder, said, health)


class World:
    """Some cameras and a deployment that runs over them, second by second."""

    def __init__(self, plan: Plan, cameras: dict[str, Camera]) -> None:
        self.rollout = Rollout("d1", plan, 0)
        self.cameras = cameras
        self.now_s = 0.0
        self.log: list[tuple[str, str]] = []
        self.most_at_once = 0

    def act(self, message: object) -> None:
        for action in self.rollout.on_message(message, int(self.now_s * S)):  # type: ignore[arg-type]
            match action:
                case Note(camera, state, _):
                    self.log.append((camera, state))
                case Tell(camera):
                    self.tell(camera, self.rollout.id)
                case Restore(camera):
                    self.tell(camera, "")

    def tell(self, camera: str, holder: str) -> None:
        one = self.cameras[camera]
        one.version += 1
        one.holder, one.told_s = holder, self.now_s
        before = Baseline(fps=10.0, state="running")
        self.act(Told(camera, one.version, Desired(1, {}), before))

    def run(self, seconds: int = 600) -> str:
        for _ in range(seconds):
            if self.rollout.state not in ACTIVE:
                break
            self.now_s += 1
            self.act(Matches(tuple(self.cameras)))
            for name, camera in list(self.cameras.items()):
                self.act(Saw(name, camera.sight(self.now_s)))
            self.act(Tick())
            flying = sum(m.state in IN_FLIGHT for m in self.rollout.members.values())
            self.most_at_once = max(self.most_at_once, flying)
        return self.rollout.state

    def states(self) -> dict[str, str]:
        return {name: member.state for name, member in self.rollout.members.items()}


def fleet(count: int, **bad: str) -> dict[str, Camera]:
    return {f"c{i}": Camera(bad.get(f"c{i}", "")) for i in range(count)}


def test_a_good_model_reaches_everybody_canary_first() -> None:
    world = World(PLAN, fleet(5))
    assert world.run() == "done"
    assert set(world.states().values()) == {"done"}
    told = [camera for camera, state in world.log if state == "told"]
    first_done = world.log.index((told[0], "done"))
    assert [state for _, state in world.log[:first_done]].count("told") == 1
    assert world.most_at_once == 2


@pytest.mark.parametrize("bad", ["refuses", "slow", "fails", "disagrees", "hangs"])
def test_a_bad_model_stops_at_the_canary_and_goes_back(bad: str) -> None:
    world = World(PLAN, {f"c{i}": Camera(bad) for i in range(5)})
    assert world.run() == "rolled-back"
    told = {camera for camera, state in world.log if state == "told"}
    assert len(told) == 1
    [canary] = told
    assert world.states()[canary] == "returned"
    assert world.cameras[canary].holder == ""


def test_one_that_fails_later_brings_all_back() -> None:
    world = World(PLAN, fleet(6, c4="slow"))
    assert world.run() == "rolled-back"
    assert all(not camera.holder for camera in world.cameras.values())


def test_some_may_fail_where_the_plan_says_so() -> None:
    world = World(replace(PLAN, failures=1), fleet(6, c4="slow"))
    assert world.run() == "done"
    assert world.states()["c4"] == "returned"
    assert list(world.states().values()).count("done") == 5


def test_without_rollback_it_pauses_for_a_person() -> None:
    world = World(replace(PLAN, rollback=False), fleet(4, c0="slow"))
    world.run(120)
    assert world.rollout.state == "paused"
    world.act(Order("rollback", "ada"))
    assert world.run() == "rolled-back"


def test_a_pause_tells_nobody_new() -> None:
    world = World(PLAN, fleet(8))
    world.run(40)
    world.act(Order("pause", "ada"))
    before = sum(state == "told" for _, state in world.log)
    world.run(100)
    assert sum(state == "told" for _, state in world.log) == before
    assert not set(world.states().values()) & {"told", "watched"}
    world.act(Order("resume", "ada"))
    assert world.run() == "done"


def test_an_abort_leaves_the_done_and_brings_back_who_is_in_the_middle() -> None:
    world = World(PLAN, fleet(8))
    world.run(35)
    done = {name for name, state in world.states().items() if state == "done"}
    world.act(Order("abort", "ada"))
    assert world.run() == "aborted"
    assert {name for name, state in world.states().items() if state == "done"} == done
    assert not set(world.states().values()) & {"told", "watched", "returning"}


@pytest.mark.parametrize("verb", ["pause", "resume", "abort"])
def test_an_order_that_comes_too_late(verb: str) -> None:
    world = World(PLAN, fleet(2))
    world.run()
    with pytest.raises(Taken, match="too late"):
        world.act(Order(verb))  # type: ignore[arg-type]


def test_who_is_away_holds_nobody_up_and_is_served_later() -> None:
    cameras = fleet(4)
    cameras["c3"].connected = False
    world = World(PLAN, cameras)
    world.run(200)
    assert [name for name, state in world.states().items() if state != "done"] == ["c3"]
    cameras["c3"].connected = True
    assert world.run() == "done"


def test_who_never_comes_is_missed() -> None:
    cameras = fleet(3)
    cameras["c2"].connected = False
    world = World(replace(PLAN, expires_s=300), cameras)
    assert world.run() == "done"
    assert world.states()["c2"] == "missed"


def test_one_that_reached_nobody_is_not_done() -> None:
    cameras = fleet(2)
    for camera in cameras.values():
        camera.connected = False
    world = World(replace(PLAN, expires_s=300), cameras)
    assert world.run() == "aborted"
    assert set(world.states().values()) == {"missed"}


def test_who_comes_to_match_joins_and_who_no_longer_does_is_left() -> None:
    world = World(PLAN, fleet(2))
    world.run(2)
    [first] = [name for name, state in world.states().items() if state == "told"]
    [other] = world.states().keys() - {first}
    world.cameras["late"] = Camera()
    gone = world.cameras.pop(other)
    world.run(1)
    assert world.states()[other] == "left"
    world.cameras.pop(first)  # it was told, so it is seen through
    world.act(Matches(("late",)))
    assert world.states()[first] in IN_FLIGHT
    world.cameras[first] = Camera(version=2, holder="d1", told_s=0.0)
    world.cameras[other] = gone
    assert world.run() == "done"
    assert world.states() == {first: "done", "late": "done", other: "done"}


def test_revoked_and_changed_by_hand_in_the_middle() -> None:
    cameras = fleet(5)
    world = World(PLAN, cameras)
    world.run(2)
    [first] = [name for name, state in world.states().items() if state == "told"]
    cameras[first].holder = ""
    world.run(3)
    assert world.states()[first] == "taken"
    [second] = [name for name, state in world.states().items() if state in ("told", "watched")]
    cameras[second].known = False
    world.run(2)
    assert world.states()[second] == "gone"
    assert world.run() == "done"


def test_who_waits_is_left_to_a_later_deployment() -> None:
    world = World(PLAN, fleet(5))
    world.run(2)
    [first] = [name for name, state in world.states().items() if state == "told"]
    world.act(Superseded(frozenset({"c0", "c1", "c2", "c3", "elsewhere"}), "d2"))
    taken = {name for name, state in world.states().items() if state == "taken"}
    assert taken == {"c0", "c1", "c2", "c3"} - {first}
    assert world.run() == "done"
    assert {name for name, state in world.states().items() if state == "done"} == {first, "c4"}


def test_what_is_somebody_elses_by_now_is_not_said_to_have_come_back() -> None:
    world = World(PLAN, fleet(2))
    world.run()
    world.act(Order("rollback"))
    world.act(Foreign("c0"))
    assert world.states()["c0"] == "taken"
    assert world.run() == "rolled-back"


def test_what_fits_no_camera_tells_none() -> None:
    world = World(PLAN, fleet(3))
    world.act(Matches(("c0", "c1", "c2")))
    world.rollout.on_message(Saw("c0", world.cameras["c0"].sight(1)), S)
    world.act(Unfit("c0", "lines.0: is none"))
    assert world.states()["c0"] == "returned"
    assert world.run() == "rolled-back"
    assert not any(camera.holder for camera in world.cameras.values())


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, model=None),
        replace(PLAN, patch={}),
        replace(PLAN, canary=-1),
        replace(PLAN, batch=0),
        replace(PLAN, watch_s=1e9),
        replace(PLAN, shadow_s=100, patience_s=50),
        replace(PLAN, gate={"mood": 1.0}),
        replace(PLAN, gate={"fps": float("nan")}),
    ],
)
def test_plans_that_cannot_be_meant(plan: Plan) -> None:
    with pytest.raises(Refused):
        plan.check()


TEMPERS = st.sampled_from(["", "", "", "refuses", "slow", "fails", "disagrees", "hangs"])


@given(
    st.lists(st.tuples(TEMPERS, st.booleans()), max_size=8), st.integers(0, 3), st.integers(1, 4)
)
def test_it_always_ends_and_nobody_is_left_in_the_middle(
    cameras: list[tuple[str, bool]], canary: int, batch: int
) -> None:
    plan = replace(PLAN, canary=canary, batch=batch, expires_s=400)
    named = {f"c{i}": Camera(bad, here) for i, (bad, here) in enumerate(cameras)}
    world = World(plan, named)
    assert world.run(3000) in ("done", "rolled-back", "aborted")
    assert (world.rollout.state == "done") <= ("done" in world.states().values())
    assert not set(world.states().values()) & {"told", "watched"}
    if world.rollout.state == "rolled-back":
        assert not any(camera.holder for camera in named.values() if camera.connected)
