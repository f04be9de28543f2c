"""Where a camera sees the floor, worked out by the hub before anything is saved."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import numpy as np
import pytest
from hubkit import SECOND, Speaker, arrival
from upright import boxes_of

from sightline.hub.api.services import Services
from sightline.results import Detections

Make = Callable[..., Awaitable[httpx.AsyncClient]]
KNOWN = {
    "picture": [[0.05, 0.95], [0.95, 0.95], [0.7, 0.35], [0.3, 0.35]],
    "floor": [[0, 0], [4, 0], [4, 6], [0, 6]],
}
PATH = "/api/v1/cameras/front"


@pytest.fixture
async def front(services: Services, enrol: Make) -> AsyncIterator[None]:
    """A camera before which people have walked for a minute."""
    await enrol("front", site="oslo")
    running = asyncio.create_task(services.ingest.run())
    speaker = Speaker("front", now_ns=time.time_ns() - 120 * SECOND)
    boxes, _ = boxes_of(1.0, np.radians(20), 3.0, 120, 1)
    seen = [
        Detections(
            box[None].astype(np.float32), np.ones(1, np.float32), np.zeros(1, np.int32),
            np.array([number + 1]),
        )
        for number, box in enumerate(boxes)
    ]  # fmt: skip
    parcels = [
        speaker.seeing(seen[at : at + 40], speaker.now_ns + at * SECOND // 2, at, SECOND // 2)
        for at in range(0, len(seen), 40)
    ]
    for parcel in (speaker.announce(), *parcels):
        await services.ingest.deliver(arrival(parcel))
    yield
    running.cancel()


@pytest.mark.usefixtures("front")
async def test_known_points_tell_the_floor_and_its_error(as_role: Make) -> None:
    client = await as_role("operator")
    answer = await client.post(f"{PATH}/calibrate/points", json=KNOWN)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["ground"] == {**KNOWN, "error": 0.005, "relative": 0.0}
    assert 0 < told["accuracy"]["best_m"] < told["accuracy"]["worst_m"]
    assert len(told["lines"]) == 12
    assert told["mounting"] is None
    assert (await client.get(f"{PATH}/twin")).json()["version"] == 0
    saved = await client.patch(f"{PATH}/twin", json={"ground": told["ground"]})
    assert saved.status_code == 200, saved.text


@pytest.mark.usefixtures("front")
async def test_people_who_walked_by_tell_it_too(as_role: Make) -> None:
    client = await as_role("operator")
    answer = await client.post(f"{PATH}/calibrate/people", json={})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["mounting"]["height_m"] == pytest.approx(3.0, rel=0.25)
    assert told["mounting"]["people"] > 100
    assert 0.02 < told["ground"]["relative"] < 0.5
    saved = await client.patch(f"{PATH}/twin", json={"ground": told["ground"]})
    assert saved.status_code == 200, saved.text


@pytest.mark.usefixtures("front")
@pytest.mark.parametrize(
    ("way", "body", "sentence"),
    [
        (
            "points",
            {**KNOWN, "floor": [[0, 0], [4, 6], [4, 0], [0, 6]]},
            "behind the camera",
        ),
        ("points", {"picture": [[0.5, 0.5]], "floor": [[0, 0]]}, "at least 4"),
        ("points", {**KNOWN, "floor": [[1e300, 0]] * 4}, "less than or equal to"),
        ("people", {"classes": ["dog"]}, "too few"),
        ("people", {"from": "-3h", "to": "-2h"}, "no frames are stored"),
    ],
    ids=["another order", "one point", "far away", "nobody", "nothing stored"],
)
async def test_what_tells_no_floor(as_role: Make, way: str, body: Any, sentence: str) -> None:
    client = await as_role("operator")
    answer = await client.post(f"{PATH}/calibrate/{way}", json=body)
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


async def test_not_for_whom_the_camera_is_not_there(as_role: Make, enrol: Make) -> None:
    await enrol("front", site="oslo")
    client = await as_role("operator", scope="site=bergen")
    assert (await client.post(f"{PATH}/calibrate/points", json=KNOWN)).status_code == 404
