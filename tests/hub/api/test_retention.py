"""For how long data is kept, as people wish it: shown, changed, taken back, and obeyed."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from sightline.hub.api.services import Services
from sightline.hub.store import keeping

Make = Callable[..., Awaitable[httpx.AsyncClient]]
WAYS = "/api/v1/retention"


async def days(client: httpx.AsyncClient) -> dict[str, tuple[float, float]]:
    told = (await client.get(WAYS)).json()
    return {one["kind"]: (one["days"], one["usual"]) for one in told["items"]}


async def test_a_wish_goes_before_the_settings_until_it_is_taken_back(
    as_role: Make, services: Services
) -> None:
    admin = await as_role("admin")
    before = await days(admin)
    assert before["frames"] == (30, 30)
    assert before["pictures"] == (7, 7)
    put = await admin.put(f"{WAYS}/frames", json={"days": 0.5})
    assert put.status_code == 200, put.text
    assert (await days(admin))["frames"] == (0.5, 30)
    assert await services.database.read(keeping.wished) == {"frames": 0.5}
    again = await admin.put(f"{WAYS}/frames", json={"days": 14})
    assert again.json()["items"][0] == {"kind": "frames", "days": 14, "usual": 30}
    await admin.delete(f"{WAYS}/frames")
    assert await days(admin) == before
    lines = (await admin.get("/api/v1/audit")).json()["items"]
    told = [(one["action"], one["detail"]) for one in lines[:3]]
    assert told == [
        ("retention.changed", {}),
        ("retention.changed", {"days": 14}),
        ("retention.changed", {"days": 0.5}),
    ]


async def test_what_a_camera_keeps_otherwise_is_shown(as_role: Make, enrol: Make) -> None:
    await enrol("door")
    operator = await as_role("operator")
    await operator.patch("/api/v1/cameras/door", json={"keeps": {"frames": 2}})
    assert (await operator.get(WAYS)).json()["cameras"] == {"door": {"frames": 2}}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("frames", {"days": 0}),
        ("frames", {"days": -1}),
        ("frames", {"days": 1e9}),
        ("frames", {"days": "long"}),
        ("frames", {}),
        ("boots", {"days": 3}),
        ("everything", {"days": 3}),
    ],
)
async def test_what_is_no_retention_is_refused(
    as_role: Make, kind: str, body: dict[str, Any]
) -> None:
    admin = await as_role("admin")
    before = await days(admin)
    assert (await admin.put(f"{WAYS}/{kind}", json=body)).status_code == 422
    assert await days(admin) == before


async def test_only_an_administrator_changes_it(as_role: Make) -> None:
    operator, viewer = await as_role("operator"), await as_role("viewer")
    assert (await operator.put(f"{WAYS}/frames", json={"days": 1})).status_code == 403
    assert (await operator.delete(f"{WAYS}/frames")).status_code == 403
    assert (await viewer.get(WAYS)).status_code == 403
