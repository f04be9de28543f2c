"""A twin is changed, stored, told and remembered."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, insert

from sightline.hub.outside import Outside
from sightline.hub.refused import Refused, Stale, Unknown
from sightline.hub.store.database import Database
from sightline.hub.store.tables.registry import cameras
from sightline.hub.twin.desk import Twins
from sightline.hub.twin.twins import Author
from sightline.wire.control import Desired, ModelRef, Reported
from sightline.wire.topics import down

ME = Author("me", 5, "because")
LINE = {"name": "door", "points": [[0, 0.5], [1, 0.5]]}


class Heard:
    """A gateway that remembers what it was to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, Desired, bool]] = []

    async def tell(self, camera: str, topic: str, payload: bytes, retain: bool = False) -> None:
        self.sent.append((camera, topic, msgspec.json.decode(payload, type=Desired), retain))

    async def cut(self, camera: str) -> None: ...

    def connected(self, camera: str) -> bool:
        return True


def put_camera(connection: Connection) -> None:
    row = {
        "name": "door", "public_key": "", "fingerprint": "", "serial": "", "enrolled_ns": 1,
        "enrolled_by": "", "connected": True, "condition": "", "seen_ns": 0, "model": "",
        "version": "", "note": "", "keeps": "{}",
    }  # fmt: skip
    connection.execute(insert(cameras).values(row))


@pytest.fixture
def gateway() -> Heard:
    return Heard()


@pytest.fixture
async def twins(tmp_path: Path, gateway: Heard) -> AsyncIterator[Twins]:
    async with Database(f"sqlite:///{tmp_path}/hub.db") as database:
        await database.write(put_camera)
        yield Twins(database, gateway, Outside(["10.0.0.0/8"]))


async def test_a_change_is_stored_told_and_remembered(twins: Twins, gateway: Heard) -> None:
    assert (await twins.show("door")).version == 0
    assert await twins.told("door") is None
    view = await twins.patch("door", {"lines": [LINE]}, ME)
    assert (view.version, view.desired, view.changed_by) == (1, {"lines": [LINE]}, "me")
    asked = Desired(1, {"lines": [LINE]})
    assert gateway.sent == [("door", down("door", "desired"), asked, True)]
    told = await twins.told("door")
    assert told is not None
    assert msgspec.json.decode(told, type=Desired) == asked
    await twins.put("door", {"detect": {"score": 0.5}}, ME, expected=1)
    assert [(line.version, line.why) for line in await twins.history("door")] == [
        (2, "because"),
        (1, "because"),
    ]


async def test_who_has_not_seen_the_newest_is_told_so(twins: Twins) -> None:
    await twins.put("door", {}, ME)
    for expected in (0, 2):
        with pytest.raises(Stale, match="at version 1"):
            await twins.put("door", {"lines": [LINE]}, ME, expected=expected)
    assert (await twins.show("door")).version == 1


async def test_what_is_refused_changes_nothing(twins: Twins, gateway: Heard) -> None:
    for patch in ({"lines": 1}, {"source": "rtsp://169.254.169.254/"}, {"output": {"video": "x"}}):
        with pytest.raises(Refused):
            await twins.patch("door", patch, ME)
    with pytest.raises(Unknown):
        await twins.put("gate", {}, ME)
    assert gateway.sent == []
    assert await twins.history("door") == []


async def test_a_patch_builds_on_what_the_camera_came_with(twins: Twins) -> None:
    came: dict[str, Any] = {
        "name": "door", "source": {"uri": "rtsp://h/x"}, "lines": [LINE], "output": {"quiet": True},
    }  # fmt: skip
    await twins.report("door", Reported(0, "applied", came), 7)
    view = await twins.patch("door", {"detect": {"score": 0.5}}, ME)
    assert view.desired == {"lines": [LINE], "detect": {"score": 0.5}}
    assert view.reported is not None
    assert view.reported_ns == 7


async def test_credentials_are_hidden_and_survive_a_round_trip(
    twins: Twins, gateway: Heard
) -> None:
    secret = "rtsp://admin:hunter2@10.0.0.5/live"
    view = await twins.patch("door", {"source": {"uri": secret}}, ME)
    assert "hunter2" not in str(view)
    assert "hunter2" not in str(await twins.history("door"))
    await twins.put("door", {**view.desired, "lines": [LINE]}, ME)
    assert gateway.sent[-1][2].config["source"]["uri"] == secret
    await twins.put("door", {"source": {"uri": "rtsp://10.0.0.5/other"}}, ME)
    assert gateway.sent[-1][2].config["source"]["uri"] == "rtsp://10.0.0.5/other"
    await twins.revert("door", 2, ME)
    assert gateway.sent[-1][2].config["source"]["uri"] == secret


async def test_a_change_by_hand_keeps_the_package_unless_it_names_a_network(
    twins: Twins, gateway: Heard
) -> None:
    from sightline.hub.twin import twins as verbs

    package = ModelRef("better", "1.0.0", "0" * 64, 5, "/x")
    database = twins._database
    await database.write(
        lambda c: verbs.change(c, "door", lambda old: Desired(0, old.config, package, "d-1"), ME)
    )
    await twins.patch("door", {"lines": [LINE]}, ME)
    assert gateway.sent[-1][2].model == package
    assert gateway.sent[-1][2].deployment == ""
    await twins.patch("door", {"model": {"name": "scene"}}, ME)
    assert gateway.sent[-1][2].model is None
    await twins.revert("door", 2, ME)
    assert gateway.sent[-1][2].model == package


async def test_an_unknown_version(twins: Twins) -> None:
    with pytest.raises(Unknown, match="no version 9"):
        await twins.revert("door", 9, ME)
