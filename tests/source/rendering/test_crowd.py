import numpy as np
import pytest

from sightline.source.rendering.crowd import Crowd
from sightline.source.rendering.entrance import PILLAR, Entrance
from sightline.source.rendering.errands import Actor, Errand, Stand, Walk
from sightline.source.rendering.motion import STEP_S, Wall
from sightline.source.rendering.wardrobe import dress_up

LOOK = dress_up(np.random.default_rng(0))


def crowd(walls: list[Wall] | None = None) -> tuple[Crowd, list[str]]:
    told: list[str] = []

    def acted(actor: Actor, errand: Stand) -> bool:
        told.append(errand.action)
        return True

    return Crowd(walls or [], acted, lambda errand: told.append("freed")), told


def actor(number: int, *plan: Errand) -> Actor:
    return Actor(number, LOOK, 1.2, list(plan))


def run(people: Crowd, seconds: float) -> None:
    for _ in range(round(seconds / STEP_S)):
        people.step()


def test_someone_who_walks_arrives_and_is_gone() -> None:
    people, _ = crowd()
    people.add(actor(1, Walk((3.0, 0.0))), (0.0, 0.0), 0.0)
    run(people, 1.5)
    (x, y), heading = people.sights(1.0)[0].place, people.sights(1.0)[0].heading
    assert 1.2 < x < 2.6
    assert y == pytest.approx(0, abs=0.05)
    assert heading == pytest.approx(0, abs=0.1)
    run(people, 3)
    assert people.sights(1.0) == []


def test_between_two_steps_people_are_in_between() -> None:
    people, _ = crowd()
    people.add(actor(1, Walk((9.0, 0.0))), (0.0, 0.0), 0.0)
    run(people, 1)
    places = [people.sights(share)[0].place[0] for share in (0.0, 0.5, 1.0)]
    assert places[1] == pytest.approx((places[0] + places[2]) / 2)
    assert places[0] < places[2]


def test_two_who_meet_go_around_each_other() -> None:
    people, _ = crowd()
    people.add(actor(1, Walk((6.0, 0.0))), (0.0, 0.0), 0.0)
    people.add(actor(2, Walk((0.0, 0.0))), (6.0, 0.0), np.pi)
    nearest = np.inf
    for _ in range(160):
        people.step()
        places = np.array(people.places())
        if len(places) == 2:
            nearest = min(nearest, float(np.hypot(*(places[0] - places[1]))))
    assert nearest > 0.35
    assert people.sights(1.0) == []


def test_nobody_walks_through_a_wall() -> None:
    people, _ = crowd([Wall((2.0, -0.2), (2.0, 0.4), 0.25)])
    people.add(actor(1, Walk((4.0, 0.0))), (0.0, 0.05), 0.0)
    nearest = np.inf
    for _ in range(160):
        people.step()
        for x, y in people.places():
            nearest = min(nearest, float(np.hypot(x - 2.0, max(0.0, -0.2 - y, y - 0.4))))
    assert nearest > 0.2
    assert people.sights(1.0) == []


def test_who_stands_at_the_shelf_takes_at_each_stretch_of_the_arm() -> None:
    people, told = crowd()
    stand = Stand(4.9, np.pi, "take", 0)
    people.add(actor(1, Walk((1.0, 0.0), 0.16), stand, Walk((3.0, 0.0))), (0.0, 0.0), 0.0)
    run(people, 4)
    assert np.cos(people.sights(1.0)[0].heading) == pytest.approx(-1, abs=0.1)
    run(people, 4)
    assert told == ["take"] * 4 + ["freed"]


def test_an_errand_that_cannot_be_reached_is_given_up() -> None:
    people, _ = crowd([Wall((2.0, -50.0), (2.0, 50.0), 0.3)])
    people.add(actor(1, Walk((4.0, 0.0))), (0.0, 0.0), 0.0)
    run(people, 12)
    assert people.sights(1.0) == []


def test_who_has_far_to_go_is_not_gone_on_the_way() -> None:
    people, _ = crowd()
    people.add(actor(1, Walk((30.0, 0.0))), (0.0, 0.0), 0.0)
    run(people, 23)
    assert people.sights(1.0)[0].place[0] > 25


def test_the_shelf_empties_and_is_filled_again() -> None:
    world = Entrance(seed=5, busy=1.0)
    fills = []
    for _ in range(round(180 / STEP_S)):
        world.step()
        fills.append(world.stock.fill)
    change = np.diff(fills)
    assert (change < 0).sum() > 20
    assert (change > 0).sum() > 10
    assert min(fills) > 0.1
    assert max(fills) <= 1


def test_nobody_stands_in_the_pillar() -> None:
    world = Entrance(seed=2, busy=3.0)
    low, high = np.min(PILLAR, axis=0), np.max(PILLAR, axis=0)
    for _ in range(1200):
        world.step()
        places = np.array(world.crowd.places()).reshape(-1, 2)
        assert not ((places > low) & (places < high)).all(axis=1).any()
