"""Which pixels the cameras of a fleet let out, camera by camera."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from sqlalchemy import Connection, insert

from sightline.hub.api.services import Services
from sightline.hub.store.tables.ledger import ledger
from sightline.hub.twin import twins
from sightline.wire.control import Reported

Make = Callable[..., Awaitable[httpx.AsyncClient]]


def says(camera: str, version: int, privacy: Any) -> Callable[[Connection], None]:
    reported = Reported(version, "applied", {"model": "x", "privacy": privacy})
    return lambda connection: twins.report(connection, camera, reported, 1)


def left(camera: str, number: int, pictures: int, at_ns: int) -> Callable[[Connection], Any]:
    row = {
        "camera": camera, "number": number, "digest": str(number), "start_ns": at_ns - 1,
        "end_ns": at_ns, "pictures": pictures, "line": b"", "arrived_ns": at_ns, "fault": "",
    }  # fmt: skip
    return lambda connection: connection.execute(insert(ledger).values(row))


async def test_each_camera_tells_what_it_lets_out(
    as_role: Make, enrol: Make, services: Services
) -> None:
    for name in ("back", "door", "gate", "yard"):
        await enrol(name, site="oslo" if name == "door" else "bergen")
    operator, viewer = await as_role("operator"), await as_role("viewer", "site=oslo")
    write = services.database.write
    await write(says("door", 0, {"policy": "redacted", "classes": ["face", "person"]}))
    await write(says("gate", 0, {"policy": "nonsense"}))
    await write(says("yard", 0, {}))
    changed = await operator.patch(
        "/api/v1/cameras/yard/twin", json={"privacy": {"policy": "full"}}
    )
    assert changed.status_code == 200, changed.text
    now = time.time_ns()
    for entry in (left("door", 0, 5, now - 40 * 86400 * 10**9), left("door", 1, 2, now)):
        await write(entry)
    told = (await operator.get("/api/v1/privacy")).json()["items"]
    assert [(one["camera"], one["policy"], one["asked"], one["pictures"]) for one in told] == [
        ("back", "", "", 0),
        ("door", "redacted", "", 2),
        ("gate", "", "", 0),
        ("yard", "none", "full", 0),
    ]
    assert told[1]["classes"] == ["face", "person"]
    ever = await operator.get("/api/v1/privacy", params={"from": "-100d", "q": "name=door"})
    assert [one["pictures"] for one in ever.json()["items"]] == [7]
    mine = (await viewer.get("/api/v1/privacy")).json()["items"]
    assert [one["camera"] for one in mine] == ["door"]


async def test_it_comes_page_by_page(as_role: Make, enrol: Make) -> None:
    for name in ("a", "b", "c"):
        await enrol(name)
    viewer = await as_role("viewer")
    first = (await viewer.get("/api/v1/privacy", params={"limit": 2})).json()
    rest = (await viewer.get("/api/v1/privacy", params={"cursor": first["next"]})).json()
    assert [one["camera"] for one in first["items"] + rest["items"]] == ["a", "b", "c"]
    assert rest["next"] is None
    assert json.dumps(first).count("pictures") == 2
