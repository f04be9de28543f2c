"""Pictures come only when asked for, only as a policy releases them, and every look is logged."""

import json
import time
from collections.abc import Awaitable, Callable

import httpx
import pytest

from sightline.hub.api.services import Services

Make = Callable[..., Awaitable[httpx.AsyncClient]]
DAY_NS = 86400 * 10**9
JPEG = b"\xff\xd8\xff\xe0 a picture"
HEADERS = {"X-Picture-Policy": "redacted", "X-Picture-Time": "1780000000000000000"}


async def asked(client: httpx.AsyncClient, camera: str = "door") -> str:
    answer = await client.post(f"/api/v1/cameras/{camera}/pictures", json={"reason": "a smell"})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def test_asked_sent_seen_and_written_down(
    as_role: Make, enrol: Make, services: Services
) -> None:
    camera, operator, admin = await enrol("door"), await as_role("operator"), await as_role("admin")
    id = await asked(operator)
    told = services.gateway.said[-1]  # type: ignore[attr-defined]
    assert told[1] == f"sightline/v1/door/down/command/{id}"
    command = json.loads(told[2])
    assert command["name"] == "snapshot"
    assert command["arguments"] == {"picture": id, "reason": "a smell"}
    sent = await camera.post(f"/api/v1/cameras/door/pictures/{id}", content=JPEG, headers=HEADERS)
    assert sent.status_code == 201, sent.text
    seen = await operator.get(f"/api/v1/pictures/{id}/image")
    assert seen.content == JPEG
    assert seen.headers["cache-control"] == "no-store"
    lines = (await admin.get("/api/v1/audit")).json()["items"]
    actions = [line["action"] for line in lines]
    assert actions[:3] == ["picture.viewed", "camera.command", "picture.asked"]


async def test_what_nobody_asked_for_is_not_taken(as_role: Make, enrol: Make) -> None:
    door, yard = await enrol("door"), await enrol("yard")
    operator = await as_role("operator")
    id = await asked(operator)
    foreign = await yard.post(f"/api/v1/cameras/door/pictures/{id}", content=JPEG, headers=HEADERS)
    assert foreign.status_code == 403
    swapped = await yard.post(f"/api/v1/cameras/yard/pictures/{id}", content=JPEG, headers=HEADERS)
    assert swapped.status_code == 404
    unasked = await door.post("/api/v1/cameras/door/pictures/ab", content=JPEG, headers=HEADERS)
    assert unasked.status_code == 404
    first = await door.post(f"/api/v1/cameras/door/pictures/{id}", content=JPEG, headers=HEADERS)
    again = await door.post(f"/api/v1/cameras/door/pictures/{id}", content=JPEG, headers=HEADERS)
    assert (first.status_code, again.status_code) == (201, 409)


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({**HEADERS, "X-Picture-Policy": "none"}, JPEG, 403),
        ({**HEADERS, "X-Picture-Policy": "everything"}, JPEG, 403),
        ({**HEADERS, "X-Picture-Time": "yesterday"}, JPEG, 422),
        (HEADERS, b"<html>", 422),
        (HEADERS, JPEG + bytes(17 << 20), 422),
    ],
    ids=["none", "unknown", "time", "html", "large"],
)
async def test_what_is_no_released_picture(
    as_role: Make, enrol: Make, headers: dict[str, str], content: bytes, status: int
) -> None:
    camera = await enrol("door")
    id = await asked(await as_role("operator"))
    path = f"/api/v1/cameras/door/pictures/{id}"
    assert (await camera.post(path, content=content, headers=headers)).status_code == status


async def test_no_other_site_and_no_viewer_looks(as_role: Make, enrol: Make) -> None:
    camera = await enrol("door", site="oslo")
    id = await asked(await as_role("operator"))
    await camera.post(f"/api/v1/cameras/door/pictures/{id}", content=JPEG, headers=HEADERS)
    for client, status in (
        (await as_role("viewer"), 403),
        (await as_role("operator", scope="site=bergen"), 404),
    ):
        for path in (f"pictures/{id}", f"pictures/{id}/image", "cameras/door/pictures"):
            assert (await client.get(f"/api/v1/{path}")).status_code == status, path


async def test_old_ones_are_forgotten(as_role: Make, enrol: Make, services: Services) -> None:
    camera, operator = await enrol("door"), await as_role("operator")
    id = await asked(operator)
    await camera.post(f"/api/v1/cameras/door/pictures/{id}", content=JPEG, headers=HEADERS)
    folder = services.settings.data / "pictures"
    [kept] = folder.iterdir()
    (folder / f".{id}.half").write_bytes(JPEG)  # what a hub leaves that dies while it writes
    (folder / "of-no-entry.jpg").write_bytes(JPEG)
    await services.pictures.enforce(time.time_ns())
    assert kept.exists()
    await services.pictures.enforce(time.time_ns() + 8 * DAY_NS)
    assert (await operator.get(f"/api/v1/pictures/{id}")).status_code == 404
    assert not list(folder.iterdir())


async def test_they_are_kept_for_as_long_as_people_wish(
    as_role: Make, enrol: Make, services: Services
) -> None:
    kept = []
    admin, operator = await as_role("admin"), await as_role("operator")
    for name in ("door", "gate"):
        camera = await enrol(name)
        id = await asked(operator, name)
        kept.append(id)
        await camera.post(f"/api/v1/cameras/{name}/pictures/{id}", content=JPEG, headers=HEADERS)
    await admin.put("/api/v1/retention/pictures", json={"days": 30})
    await operator.patch("/api/v1/cameras/gate", json={"keeps": {"pictures": 2}})
    folder = services.settings.data / "pictures"
    await services.pictures.enforce(time.time_ns() + 8 * DAY_NS)
    assert [path.stem for path in folder.iterdir()] == kept[:1]
    await admin.delete("/api/v1/retention/pictures")
    await services.pictures.enforce(time.time_ns() + 8 * DAY_NS)
    assert not list(folder.iterdir())


async def test_pictures_are_no_ordinary_command(as_role: Make, enrol: Make) -> None:
    await enrol("door")
    answer = await (await as_role("operator")).post(
        "/api/v1/cameras/door/commands", json={"name": "snapshot"}
    )
    assert answer.status_code == 422
