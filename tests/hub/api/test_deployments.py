"""Deployments through the hub: ordered over HTTP, carried out on twins, told as a story."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from sightline.hub.api.services import Services
from sightline.hub.deployments.step import step
from sightline.hub.gateway.base import Arrival
from sightline.hub.store.tables.registry import cameras as table
from sightline.hub.twin import twins
from sightline.wire import topics
from sightline.wire.control import Desired, Health, Reported, encode_control

Make = Callable[..., Awaitable[httpx.AsyncClient]]
URL = "/api/v1/deployments"
S = 10**9
LINE = {"name": "door", "points": [[0.5, 0], [0.5, 1]]}


class Fleet:
    """Cameras that do what they are told; one is bad at it. Time is the test's."""

    def __init__(self, services: Services, names: list[str]) -> None:
        self.services = services
        self.names = names
        self.bad: set[str] = set()
        self.now_ns = time.time_ns()

    def say(self, camera: str, kind: Any, message: Any) -> "asyncio.Future[None]":
        arrival = Arrival(camera, topics.up(camera, kind), encode_control(message), self.now_ns)
        return self.services.ingest.deliver(arrival)

    async def report(self) -> None:
        said = []
        for camera in self.names:
            asked = await self.services.database.read(
                lambda c, name=camera: twins.desired(c, name)  # type: ignore[misc]
            )
            said.append(self.say(camera, "reported", self.answer(camera, asked)))
            fps = 1.0 if camera in self.bad and asked.deployment else 10.0
            health = Health(
                camera, "b", self.now_ns, "running", fps=fps, config_version=asked.version
            )
            said.append(self.say(camera, "health", health))
        await asyncio.gather(*said)

    def answer(self, camera: str, asked: Desired) -> Reported:
        return Reported(asked.version, "applied", asked.config, time_ns=self.now_ns)

    async def follow(self, id: str, seconds: int = 400) -> str:
        for _ in range(0, seconds, 5):
            self.now_ns += 5 * S
            await self.services.database.write(lambda c: step(c, id, self.now_ns))
            await self.report()
            view = await self.services.deployments.show(id)
            if view.state in ("done", "aborted", "rolled-back"):
                break
        return view.state


@pytest.fixture
async def fleet(services: Services, enrol: Make) -> AsyncIterator[Fleet]:
    running = asyncio.create_task(services.ingest.run())
    names = [f"cam-{number}" for number in range(5)]
    for name in names:
        await enrol(name, site="oslo")
    await services.database.write(lambda c: c.execute(update(table).values(connected=True)))
    made = Fleet(services, names)
    await made.report()
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def begin(client: httpx.AsyncClient, **more: Any) -> str:
    body = {"to": "site=oslo", "patch": {"lines": [LINE]}, "watch_s": 10, "shadow_s": 0, **more}
    answer = await client.post(URL, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_change_reaches_everybody(as_role: Make, fleet: Fleet) -> None:
    operator = await as_role("operator")
    id = await begin(operator, note="a line at the door")
    assert await fleet.follow(id) == "done"
    for name in fleet.names:
        twin = (await operator.get(f"/api/v1/cameras/{name}/twin")).json()
        assert twin["desired"]["lines"][0]["name"] == "door"
    view = (await operator.get(f"{URL}/{id}")).json()
    assert view["cameras"] == {"done": 5}


async def test_a_bad_one_stops_at_the_canary_and_the_log_tells_the_story(
    as_role: Make, fleet: Fleet
) -> None:
    operator = await as_role("operator")
    fleet.bad = set(fleet.names)
    id = await begin(operator)
    assert await fleet.follow(id) == "rolled-back"
    lines = (await operator.get(f"{URL}/{id}/log")).json()["items"]
    told = [line["camera"] for line in lines if line["state"] == "told"]
    assert len(told) == 1
    story = [(line["state"], line["why"]) for line in lines if line["camera"] in ("", told[0])]
    states = [state for state, _ in story]
    assert states.index("told") < states.index("watched") < states.index("returning")
    assert states[-1] == "rolled-back"
    assert any("the frame rate fell to 10%" in why for _, why in story)
    twin = (await operator.get(f"/api/v1/cameras/{told[0]}/twin")).json()
    assert twin["desired"].get("lines", []) == []
    assert twin["deployment"] == ""


async def test_a_hub_that_dies_goes_on_from_the_last_step(as_role: Make, fleet: Fleet) -> None:
    operator = await as_role("operator")
    id = await begin(operator)
    await fleet.follow(id, 15)
    held = await fleet.services.deployments.cameras(id)
    assert {one.state for one in held} > {"waiting"}
    assert await fleet.follow(id) == "done"


async def test_the_later_of_two_has_the_last_word(as_role: Make, fleet: Fleet) -> None:
    operator = await as_role("operator")
    older = await begin(operator)
    await fleet.follow(older, 5)
    newer = await begin(operator, patch={"lines": [LINE | {"name": "gate"}]}, batch=5)
    for _ in range(40):
        if {await fleet.follow(older, 5), await fleet.follow(newer, 5)} == {"done"}:
            break
    views = [(await operator.get(f"{URL}/{id}")).json() for id in (older, newer)]
    story = await fleet.services.deployments.story(newer, 0, 100)
    assert [view["state"] for view in views] == ["done", "done"], story
    assert views[0]["cameras"] == {"done": 1, "taken": 4}
    for name in fleet.names:
        twin = (await operator.get(f"/api/v1/cameras/{name}/twin")).json()
        assert twin["desired"]["lines"][0]["name"] == "gate"
    assert (await operator.post(f"{URL}/{older}/rollback")).status_code == 200
    assert await fleet.follow(older) == "rolled-back"
    assert (await operator.get(f"{URL}/{older}")).json()["cameras"] == {"taken": 5}


async def test_who_was_away_when_one_went_back_is_free_for_the_next(
    as_role: Make, fleet: Fleet
) -> None:
    """A deployment that is over keeps no camera busy, whatever it was last doing."""
    operator = await as_role("operator")
    fleet.bad = set(fleet.names)
    first = await begin(operator)
    await fleet.follow(first, 10)
    [canary] = [one.camera for one in await fleet.services.deployments.cameras(first)
                if one.state != "waiting"]  # fmt: skip
    away = update(table).where(table.c.name == canary).values(connected=False)
    await fleet.services.database.write(lambda c: c.execute(away))
    fleet.names.remove(canary)
    await operator.post(f"{URL}/{first}/rollback")
    assert await fleet.follow(first) == "rolled-back"
    held = {one.camera: one.state for one in await fleet.services.deployments.cameras(first)}
    assert held[canary] == "returning"
    fleet.names.append(canary)
    await fleet.services.database.write(lambda c: c.execute(update(table).values(connected=True)))
    fleet.bad = set()
    second = await begin(operator, batch=5)
    assert await fleet.follow(second) == "done"


async def test_orders_of_people(as_role: Make, fleet: Fleet) -> None:
    operator = await as_role("operator")
    id = await begin(operator)
    await fleet.follow(id, 10)
    assert (await operator.post(f"{URL}/{id}/pause")).json()["state"] == "paused"
    assert (await operator.post(f"{URL}/{id}/pause")).status_code == 409
    assert (await operator.post(f"{URL}/{id}/resume")).json()["state"] == "running"
    await operator.post(f"{URL}/{id}/abort")
    assert await fleet.follow(id) == "aborted"
    assert (await operator.post(f"{URL}/{id}/sing")).status_code == 422


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"to": "site=(", "patch": {}}, "is no"),
        ({"to": "", "patch": {}, "model": "a:1"}, "there is no model"),
        ({"to": ""}, "either a model or a change"),
        ({"to": "", "model": "gate"}, "name:version"),
        ({"to": "", "patch": {}, "gate": {"mood": 1}}, "is no limit"),
        ({"to": "site=osol", "patch": {}}, "no camera matches 'site=osol'"),
    ],
)
async def test_what_cannot_be_ordered(as_role: Make, body: dict[str, Any], sentence: str) -> None:
    answer = await (await as_role("operator")).post(URL, json=body)
    assert answer.status_code in (404, 422)
    if sentence != "is no":
        assert sentence in answer.json()["detail"]


async def test_a_configuration_that_cannot_be_meant_goes_back_by_itself(
    as_role: Make, fleet: Fleet
) -> None:
    operator = await as_role("operator")
    id = await begin(operator, patch={"lines": [{"name": "x", "points": [[0, 0]]}]})
    assert await fleet.follow(id) == "rolled-back"
    lines = (await operator.get(f"{URL}/{id}/log")).json()["items"]
    assert any("lines.0.points" in line["why"] for line in lines)
    assert len({line["camera"] for line in lines if line["state"] == "told"}) == 1


async def test_who_sees_one_site_sees_what_was_begun_for_it(as_role: Make, fleet: Fleet) -> None:
    some = await as_role("operator", scope="name~c*1")
    begun = await some.post(URL, json={"to": "", "patch": {"detect": {"score": 0.5}}})
    assert begun.status_code == 201, begun.text
    id = begun.json()["id"]
    assert [one["id"] for one in (await some.get(URL)).json()["items"]] == [id]
    for part in ("", "/cameras", "/log"):
        assert (await some.get(f"{URL}/{id}{part}")).status_code == 200
    other = await as_role("viewer", scope="name~c*2")
    assert (await other.get(f"{URL}/{id}")).status_code == 404
    assert (await some.post(f"{URL}/{id}/abort")).status_code == 200


async def test_who_sees_one_site_sees_no_other_deployments(as_role: Make, fleet: Fleet) -> None:
    id = await begin(await as_role("operator"))
    some = await as_role("operator", scope="site=bergen")
    assert (await some.get(URL)).json()["items"] == []
    assert (await some.get(f"{URL}/{id}")).status_code == 404
    assert (await some.post(f"{URL}/{id}/abort")).status_code == 404
