"""The hub's copy of the ledgers: whole, or it says where not; commands and their answers."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hubkit import NOW, SECOND, Speaker, arrival

from sightline.hub.api.services import Services
from sightline.hub.gateway.base import Arrival
from sightline.wire import topics
from sightline.wire.control import Result, encode_control
from sightline.wire.egress import Entry, Sealed, Sent, SentPicture, seal, verify

Make = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def storing(services: Services) -> AsyncIterator[None]:
    task = asyncio.create_task(services.ingest.run())
    yield
    task.cancel()


def chain(key: ec.EllipticCurvePrivateKey, count: int, camera: str = "door") -> list[Sealed]:
    made: list[Sealed] = []
    for number in range(count):
        begin = NOW + number * 3600 * SECOND
        before = made[-1].digest if made else ""
        sent = {"frames": Sent(10, 1000), "events": Sent(1, 50)}
        entry = Entry(
            camera, number, begin, begin + 3600 * SECOND, ("none",), sent, previous=before
        )
        made.append(seal(entry, key))
    return made


async def deliver(services: Services, *entries: Sealed) -> None:
    speaker = Speaker("door")
    for entry in entries:
        await services.ingest.deliver(arrival(speaker.parcel("ledger", entry.line)))


def key_of(camera: httpx.AsyncClient) -> ec.EllipticCurvePrivateKey:
    return camera.key  # type: ignore[attr-defined, no-any-return]


@pytest.mark.usefixtures("storing")
async def test_a_whole_ledger_is_summed_up_and_given_out_as_signed(
    as_role: Make, enrol: Make, services: Services
) -> None:
    entries = chain(key_of(await enrol("door")), 3)
    await deliver(services, *entries, entries[1])
    viewer = await as_role("viewer")
    query = {"from": str(NOW), "to": str(NOW + 86400 * SECOND)}
    summed = (await viewer.get("/api/v1/cameras/door/egress", params=query)).json()
    assert summed["whole"]
    assert summed["sent"]["frames"] == {"messages": 30, "bytes": 3000}
    assert (summed["pictures"], summed["policies"], summed["entries"]) == (0, ["none"], 3)
    lines = (await viewer.get("/api/v1/cameras/door/ledger.jsonl")).content.splitlines()
    assert [one.entry.number for one in verify(lines, "hub")] == [0, 1, 2]
    page = (await viewer.get("/api/v1/cameras/door/ledger", params={"limit": 2})).json()
    assert [item["number"] for item in page["items"]] == [2, 1]
    assert page["next"]


@pytest.mark.usefixtures("storing")
async def test_pictures_are_counted_by_the_policy_that_let_them_out(
    as_role: Make, enrol: Make, services: Services
) -> None:
    pictures = tuple(
        SentPicture(f"p{number}", NOW, 100, "00", policy, "why")
        for number, policy in enumerate(["redacted", "full", "redacted"])
    )
    policies = ("redacted", "full")
    entry = Entry("door", 0, NOW, NOW + SECOND, policies, {}, pictures)
    await deliver(services, seal(entry, key_of(await enrol("door"))))
    query = {"from": str(NOW), "to": str(NOW + SECOND)}
    viewer = await as_role("viewer")
    summed = (await viewer.get("/api/v1/cameras/door/egress", params=query)).json()
    assert (summed["pictures"], summed["released"]) == (3, {"redacted": 2, "full": 1})


@pytest.mark.usefixtures("storing")
async def test_a_hole_is_said(as_role: Make, enrol: Make, services: Services) -> None:
    entries = chain(key_of(await enrol("door")), 3)
    await deliver(services, entries[0], entries[2])
    summed = (await (await as_role("viewer")).get("/api/v1/cameras/door/egress")).json()
    assert not summed["whole"]
    assert summed["fault"] == "1 entries have not arrived"


@pytest.mark.usefixtures("storing")
async def test_another_hand_is_said(as_role: Make, enrol: Make, services: Services) -> None:
    await enrol("door")
    await deliver(services, *chain(ec.generate_private_key(ec.SECP256R1()), 1))
    summed = (await (await as_role("viewer")).get("/api/v1/cameras/door/egress")).json()
    assert not summed["whole"]
    assert "signed with another key" in summed["fault"]


@pytest.mark.usefixtures("storing")
async def test_a_command_and_its_answer(as_role: Make, enrol: Make, services: Services) -> None:
    await enrol("door")
    await enrol("yard")
    operator = await as_role("operator")
    asked = await operator.post("/api/v1/cameras/door/commands", json={"name": "self-test"})
    assert asked.status_code == 202
    id = asked.json()["id"]
    payload = encode_control(Result(id, True, {"samples": 2}))
    for camera in ("yard", "door"):  # another camera cannot answer for this one
        topic = topics.up(camera, "result", id)
        await services.ingest.deliver(Arrival(camera, topic, payload, time.time_ns()))
        view = (await operator.get(f"/api/v1/cameras/door/commands/{id}")).json()
        assert view["ok"] is (True if camera == "door" else None)
    assert view["value"] == {"samples": 2}
    assert json.loads(services.gateway.said[-1][2])["name"] == "self-test"  # type: ignore[attr-defined]


@pytest.mark.usefixtures("storing")
async def test_an_end_that_was_cut_off_and_written_anew_is_seen(
    as_role: Make, enrol: Make, services: Services
) -> None:
    key = key_of(await enrol("door"))
    whole = chain(key, 3)
    await deliver(services, *whole)
    last = whole[-1].entry
    without = seal(replace(last, sent={"frames": Sent(1, 1)}), key)
    below = seal(replace(last, number=-1), key)
    await services.ingest.deliver(arrival(Speaker("door", boot="2").parcel("ledger", without.line)))
    await services.ingest.deliver(arrival(Speaker("door", boot="3").parcel("ledger", below.line)))
    viewer = await as_role("viewer")
    summed = (await viewer.get("/api/v1/cameras/door/egress")).json()
    assert not summed["whole"]
    assert summed["fault"] == "entry 2 came a second time with other contents"


@pytest.mark.usefixtures("storing")
async def test_no_number_below_the_first_hides_one_that_is_missing(
    as_role: Make, enrol: Make, services: Services
) -> None:
    key = key_of(await enrol("door"))
    whole = chain(key, 3)
    below = seal(replace(whole[1].entry, number=-1), key)
    await deliver(services, whole[0], whole[2], below)
    summed = (await (await as_role("viewer")).get("/api/v1/cameras/door/egress")).json()
    assert not summed["whole"]
    assert summed["fault"] == "1 entries have not arrived"
