"""What cameras said is found again, page by page, by who may see it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from hubkit import NOW, SECOND, Speaker, arrival

from sightline.analytics.doubt import Doubt, written
from sightline.hub.api.services import Services
from sightline.wire.messages import Event, Measure

Make = Callable[..., Awaitable[httpx.AsyncClient]]


def crossing(second: int, name: str = "door", camera: str = "front") -> Event:
    return Event(
        "line.crossed", NOW + second * SECOND, name, camera, second, "person", (0.5, 0.25),
        {"direction": "in" if second % 2 else "out"},
    )  # fmt: skip


@pytest.fixture
async def stored(services: Services, enrol: Make) -> AsyncIterator[None]:
    """Cameras front and back that have said something."""
    await enrol("front", site="oslo")
    await enrol("back", site="bergen")
    running = asyncio.create_task(services.ingest.run())
    for camera in ("front", "back"):
        speaker = Speaker(camera)
        said = [crossing(second, camera=camera) for second in range(10)]
        measure = Measure("zone.occupancy", "till", NOW, NOW + 60 * SECOND, 2.5, camera)
        for parcel in (
            speaker.announce(), speaker.say(*said, measure), speaker.frames([0, 1, 2, 3, 2]),
        ):  # fmt: skip
            await services.ingest.deliver(arrival(parcel))
    yield
    running.cancel()


async def pages(client: httpx.AsyncClient, path: str, **query: Any) -> list[Any]:
    """All items, and no page larger than asked for."""
    items: list[Any] = []
    cursor = ""
    while True:
        body = (await client.get(path, params={**query, "cursor": cursor})).json()
        assert len(body["items"]) <= query["limit"]
        items += body["items"]
        if body["next"] is None:
            return items
        cursor = body["next"]


@pytest.mark.usefixtures("stored")
async def test_events_come_in_pages_without_loss(as_role: Make) -> None:
    client = await as_role("viewer")
    found = await pages(client, "/api/v1/events", camera="front", limit=3)
    assert [item["track"] for item in found] == list(range(9, -1, -1))
    forward = await pages(client, "/api/v1/events", camera="front", limit=4, newest=False)
    assert [item["track"] for item in forward] == list(range(10))
    assert forward[0]["place"] == [0.5, 0.25]
    assert forward[0]["data"] == {"direction": "out"}
    assert forward[0]["type"] == "event"


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"kind": "line.crossed"}, 20),
        ({"kind": "zone.entered"}, 0),
        ({"name": "door"}, 20),
        ({"name": ["till", "door"], "camera": ["front", "nowhere"]}, 10),
        ({"from": str(NOW + 4 * SECOND), "to": str(NOW + 6 * SECOND)}, 4),
        ({"from": "2026-01-01T00:00:00Z", "to": "2026-01-02"}, 0),
    ],
)
async def test_events_are_chosen(as_role: Make, query: dict[str, Any], count: int) -> None:
    client = await as_role("viewer")
    answer = await client.get("/api/v1/events", params=query)
    assert len(answer.json()["items"]) == count


@pytest.mark.usefixtures("stored")
async def test_who_sees_one_site_reads_of_no_other(as_role: Make) -> None:
    client = await as_role("viewer", scope="site=oslo")
    for path in ("events", "measures"):
        items = (await client.get(f"/api/v1/{path}")).json()["items"]
        assert {item["camera"] for item in items} == {"front"}
        other = await client.get(f"/api/v1/{path}", params={"camera": "back"})
        assert other.json()["items"] == []
    summed = (
        await client.get("/api/v1/series", params={"from": str(NOW), "to": str(NOW + SECOND)})
    ).json()
    assert {item["camera"] for item in summed["series"]} == {"front"}
    for path in ("frames", "health"):
        assert (await client.get(f"/api/v1/cameras/back/{path}")).status_code == 404
    body = {"config": {}}
    assert (await client.post("/api/v1/cameras/back/ask", json=body)).status_code == 404


@pytest.mark.usefixtures("stored")
async def test_sums_by_minute(as_role: Make) -> None:
    client = await as_role("viewer")
    query = {
        "camera": "front", "from": str(NOW), "to": str(NOW + 60 * SECOND), "subject": "event",
        "resolution": "minute",
    }  # fmt: skip
    answer = (await client.get("/api/v1/series", params=query)).json()
    assert answer["resolution_s"] == 60
    counts = {item["part"]: sum(item["n"]) for item in answer["series"]}
    assert counts == {"in": 5, "out": 5}


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("query", "cameras"),
    [
        ("site=oslo", {"front"}),
        ("site=oslo or site=bergen", {"front", "back"}),
        ("site=rome", set()),
    ],
)
async def test_of_the_cameras_that_a_query_means(
    as_role: Make, query: str, cameras: set[str]
) -> None:
    client = await as_role("viewer")
    span = {"from": str(NOW), "to": str(NOW + 60 * SECOND), "q": query}
    for path, key in (("events", "items"), ("measures", "items"), ("series", "series")):
        found = (await client.get(f"/api/v1/{path}", params=span)).json()[key]
        assert {item["camera"] for item in found} == cameras, path
    foreign = await as_role("viewer", scope="site=bergen")
    for path, key in (("events", "items"), ("series", "series")):
        found = (await foreign.get(f"/api/v1/{path}", params=span)).json()[key]
        assert {item["camera"] for item in found} == cameras - {"front"}, path
    assert (await client.get("/api/v1/series", params={"q": "site="})).status_code == 422


@pytest.mark.usefixtures("stored")
async def test_what_is_counted_at_all(as_role: Make) -> None:
    client = await as_role("viewer", scope="site=oslo")
    found = (await client.get("/api/v1/series/kinds")).json()["items"]
    told = [(one["subject"], one["kind"]) for one in found]
    assert told == [("event", "line.crossed"), ("measure", "zone.occupancy"), ("objects", "frame")]
    for query in ({"q": "site=bergen"}, {"camera": "back"}):
        assert (await client.get("/api/v1/series/kinds", params=query)).json()["items"] == []


@pytest.mark.usefixtures("stored")
async def test_sums_over_cameras_names_and_ways(as_role: Make) -> None:
    client = await as_role("viewer")
    span = {
        "from": str(NOW), "to": str(NOW + 60 * SECOND), "kind": "line.crossed",
        "resolution": "minute",
    }  # fmt: skip

    async def told(*over: str) -> list[tuple[str, str, str, int]]:
        answer = await client.get("/api/v1/series", params={**span, "over": list(over)})
        return sorted(
            (one["camera"], one["name"], one["part"], sum(one["n"]))
            for one in answer.json()["series"]
        )

    assert await told("camera") == [("", "door", "in", 10), ("", "door", "out", 10)]
    assert await told("camera", "name", "part") == [("", "", "", 20)]
    assert len(await told()) == 4
    wrong = await client.get("/api/v1/series", params={**span, "over": "kind"})
    assert wrong.status_code == 422


async def test_sums_of_minutes_carry_an_interval_that_hours_and_cameras_add_up(
    services: Services, enrol: Make, as_role: Make
) -> None:
    running = asyncio.create_task(services.ingest.run())
    per, (over, by) = Doubt(10.0, 0.5, 0.2), (Doubt(50.0, 4.0, 1.0), Doubt(10.0, 0.5, 0.2))
    for camera in ("front", "back"):
        await enrol(camera)
        speaker = Speaker(camera)
        await services.ingest.deliver(arrival(speaker.announce()))
        for minute in range(3):
            span = NOW + minute * 60 * SECOND, NOW + (minute + 1) * 60 * SECOND
            count = {"direction": "in", **written(per)}
            said = speaker.say(
                Measure("line.count", "door", *span, 10.0, camera, data=count),
                Measure("zone.dwell", "till", *span, 5.0, camera, data=written(over, by)),
                Measure("line.count", "odd", *span, 1.0, camera, data={"doubt": ["x", 1, 2]}),
            )
            await services.ingest.deliver(arrival(said))
    client = await as_role("viewer")
    range_of = {"from": str(NOW), "to": str(NOW + 3600 * SECOND), "subject": "measure"}

    async def told(resolution: str, *over: str) -> dict[tuple[str, str], Any]:
        asked = {**range_of, "resolution": resolution, "over": list(over)}
        answer = (await client.get("/api/v1/series", params=asked)).json()
        return {(one["camera"], one["name"]): one for one in answer["series"]}

    minutes = await told("minute")
    assert set(minutes) == {(c, n) for c in ("front", "back") for n in ("door", "till", "odd")}
    door = minutes["front", "door"]
    at = next(i for i, n in enumerate(door["n"]) if n)
    assert (door["lower"][at], door["upper"][at]) == per.counts()
    assert (door["lower"][at + 5], door["upper"][at + 5]) == (0, 0)
    assert minutes["front", "odd"]["lower"] == []
    hour = (await told("day"))["front", "door"]
    assert (max(hour["lower"]), max(hour["upper"])) == (per + per + per).counts()
    both = (await told("day", "camera"))["", "door"]
    assert max(both["doubt"][2]) == pytest.approx(0.6 * 2**0.5)
    assert max(both["upper"]) == ((per + per + per).beside(per + per + per)).counts().high
    dwell = (await told("day"))["back", "till"]
    low, high = (over + over + over).over(by + by + by)
    assert (max(dwell["lower"]), max(dwell["upper"])) == pytest.approx((low, high))
    running.cancel()


async def test_sums_say_how_much_of_them_a_blind_camera_said(
    services: Services, enrol: Make, as_role: Make
) -> None:
    running = asyncio.create_task(services.ingest.run())
    await enrol("front")
    speaker = Speaker("front")
    data: dict[str, Any] = {"direction": "in"}
    span = NOW, NOW + 60 * SECOND
    said = speaker.say(
        Event("line.crossed", NOW, "door", "front", data=data),
        Event("line.crossed", NOW + SECOND, "door", "front", data=data | {"valid": False}),
        Measure("line.count", "door", *span, 2.0, "front", data=data | {"invalid": 0.25}),
        Measure("zone.occupancy", "till", *span, 2.0, "front"),
    )
    for parcel in (speaker.announce(), said):
        await services.ingest.deliver(arrival(parcel))
    client = await as_role("viewer")
    query = {"from": str(NOW), "to": str(NOW + 60 * SECOND), "resolution": "minute"}
    answer = (await client.get("/api/v1/series", params=query)).json()
    assert {item["kind"]: item["invalid"][:1] for item in answer["series"]} == {
        "line.crossed": [0.5],
        "line.count": [0.25],
        "zone.occupancy": [],
    }
    running.cancel()


@pytest.mark.usefixtures("stored")
async def test_the_newest_frames_and_those_of_a_range(as_role: Make) -> None:
    client = await as_role("viewer")
    path = "/api/v1/cameras/front/frames"
    newest = (await client.get(path, params={"limit": 2})).json()
    assert [len(frame["objects"]) for frame in newest["items"]] == [2, 3]
    assert newest["items"][0]["objects"][0]["label"] == "person"
    everything = await pages(client, path, limit=2)
    assert [frame["sequence"] for frame in everything] == [4, 3, 2, 1, 0]
    forward = await pages(client, path, limit=2, **{"from": str(NOW + SECOND // 10)})
    assert [frame["sequence"] for frame in forward] == [1, 2, 3, 4]


@pytest.mark.usefixtures("stored")
async def test_the_past_is_asked_a_new_question(as_role: Make) -> None:
    client = await as_role("viewer")
    body = {
        "config": {"zones": [{"name": "all", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}]},
        "from": str(NOW), "to": str(NOW + 60 * SECOND),
    }  # fmt: skip
    answer = (await client.post("/api/v1/cameras/front/ask", json=body)).json()
    assert answer["frames"] == 5
    assert answer["complete"]
    assert answer["counts"]["zones"]["all"]["visits"] == 3


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"zones": [{"name": "x", "polygon": [[0, 0], [1, 1]]}]}, "at least 3 points"),
        ({"surprise": 1}, "no such key"),
        ({"lines": [{"name": "x", "points": [[0, 0], [1, 1]], "classes": ["dragon"]}]}, "dragon"),
    ],
)
async def test_what_cannot_be_asked(as_role: Make, config: Any, sentence: str) -> None:
    client = await as_role("viewer")
    body = {"config": config, "from": str(NOW), "to": str(NOW + 60 * SECOND)}
    answer = await client.post("/api/v1/cameras/front/ask", json=body)
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "-5y", "1e9", "²", "-0"])
async def test_what_is_no_instant(as_role: Make, moment: str) -> None:
    client = await as_role("viewer")
    answer = await client.get("/api/v1/events", params={"from": moment})
    assert answer.status_code == 422
    assert "is no instant" in answer.json()["detail"]


async def test_an_empty_range(as_role: Make) -> None:
    client = await as_role("viewer")
    answer = await client.get("/api/v1/series", params={"from": "-1h", "to": "-2h"})
    assert answer.status_code == 422


@pytest.mark.usefixtures("stored")
async def test_a_heat_map_of_stored_frames(as_role: Make) -> None:
    client = await as_role("viewer", scope="site=oslo")
    span = {"from": str(NOW), "to": str(NOW + 60 * SECOND), "columns": 16}
    found = (await client.get("/api/v1/heatmaps", params={"camera": "front", **span})).json()
    assert (found["rows"], found["columns"], found["frames"]) == (9, 16, 5)
    assert found["complete"]
    # Ten frames a second of 0, 1, 2 and 3 objects; nobody knows how long the last one lasted.
    assert found["seconds"] == pytest.approx(0.6, abs=1e-3)
    assert sum(map(sum, found["cells"])) == pytest.approx(0.6, abs=1e-2)
    assert found["labels"] == pytest.approx({"person": 0.4, "car": 0.2})
    query = {"camera": "front", "label": "car", **span}
    cars = (await client.get("/api/v1/heatmaps", params=query)).json()
    assert cars["seconds"] == pytest.approx(0.2, abs=1e-3)
    hidden = await client.get("/api/v1/heatmaps", params={"camera": "back", **span})
    assert hidden.status_code == 404
    empty = {"camera": "front", "from": "2020-01-01", "to": "2020-01-02"}
    assert (await client.get("/api/v1/heatmaps", params=empty)).json()["cells"] == []


@pytest.mark.usefixtures("stored")
async def test_a_spread_is_of_what_one_may_see(services: Services, as_role: Make) -> None:
    for camera, dwell in (("front", 4.0), ("back", 40.0)):
        event = Event("zone.left", NOW, "till", camera, data={"dwell_s": dwell})
        await services.ingest.deliver(arrival(Speaker(camera, boot="boot-2").say(event)))
    asked = {"of": "dwell_s", "kind": "zone.left", "edge": [30, 5], "from": str(NOW - SECOND)}
    client = await as_role("viewer")
    found = (await client.get("/api/v1/events/spread", params=asked)).json()
    assert (found["n"], found["counts"], found["middle"]) == (2, [1, 0, 1], 40.0)
    oslo = await as_role("viewer", scope="site=oslo")
    found = (await oslo.get("/api/v1/events/spread", params=asked)).json()
    assert (found["n"], found["counts"]) == (1, [1, 0, 0])
    nobody = await oslo.get("/api/v1/events/spread", params={**asked, "q": "site=bergen"})
    assert nobody.json()["counts"] == [0, 0, 0]
    for bad in ({"of": "a.b"}, {"edge": "inf"}):
        assert (await client.get("/api/v1/events/spread", params=asked | bad)).status_code == 422


@pytest.mark.usefixtures("stored")
async def test_a_shelf_is_shown_to_who_sees_its_camera(services: Services, as_role: Make) -> None:
    look = Measure(
        "shelf.fill", "a/b c", NOW, NOW + 60 * SECOND, 0.5, "front", {"cells": [1, 0], "columns": 2}
    )
    await services.ingest.deliver(arrival(Speaker("front", boot="boot-2").say(look)))
    span = {"from": str(NOW), "to": str(NOW + 120 * SECOND), "steps": 2, "shelf": "a/b c"}
    path = "/api/v1/cameras/front/shelves"
    found = (await (await as_role("viewer")).get(path, params=span)).json()
    assert found == {
        "cells": 2, "columns": 2, "fill": [[1.0, 0.0], [None, None]], "outs": [], "complete": True
    }  # fmt: skip
    bergen = await as_role("viewer", scope="site=bergen")
    assert (await bergen.get(path, params=span)).status_code == 404
