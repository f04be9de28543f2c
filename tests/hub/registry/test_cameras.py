"""Cameras listed, shown and changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from sightline.hub.refused import Refused, Unknown
from sightline.hub.registry import cameras
from sightline.hub.registry.authority import Authority
from sightline.hub.registry.cameras import CameraChange
from sightline.hub.registry.registry import Registry
from sightline.hub.store.database import Database

AddCamera = Callable[..., None]


def test_they_are_listed_in_pages(connection: Connection, add_camera: AddCamera) -> None:
    for number in range(5):
        add_camera(f"c{number}", {"n": str(number)})
    first = cameras.listed(connection, "", "", 3)
    assert [view.name for view in first] == ["c0", "c1", "c2"]
    rest = cameras.listed(connection, "", first[-1].name, 3)
    assert [(view.name, view.tags) for view in rest] == [("c3", {"n": "3"}), ("c4", {"n": "4"})]


def test_a_change_touches_what_it_names(connection: Connection, add_camera: AddCamera) -> None:
    add_camera("door", {"site": "oslo"})
    view = cameras.change(connection, "door", CameraChange(note="by the stairs"))
    assert (view.note, view.tags) == ("by the stairs", {"site": "oslo"})
    view = cameras.change(connection, "door", CameraChange(tags={}, keeps={"frames": 7}))
    assert (view.note, view.tags, view.keeps) == ("by the stairs", {}, {"frames": 7})


@pytest.mark.parametrize(
    "change",
    [
        CameraChange(tags={"a b": "c"}),
        CameraChange(note="x" * 3000),
        CameraChange(keeps={"souls": 1}),
        CameraChange(keeps={"frames": 0}),
        CameraChange(keeps={"frames": float("nan")}),
    ],
)
def test_a_change_that_cannot_be_meant(
    connection: Connection, add_camera: AddCamera, change: CameraChange
) -> None:
    add_camera("door")
    with pytest.raises(Refused):
        cameras.change(connection, "door", change)


def test_what_is_not_there(connection: Connection) -> None:
    for verb in (
        lambda: cameras.shown(connection, "door"),
        lambda: cameras.change(connection, "door", CameraChange()),
        lambda: cameras.revoke(connection, "door", 1),
        lambda: cameras.restore(connection, "door"),
    ):
        with pytest.raises(Unknown, match="no camera 'door'"):
            verb()


def test_they_are_counted_by_state(connection: Connection, add_camera: AddCamera) -> None:
    add_camera("a", connected=True)
    add_camera("b", connected=True, condition="failed")
    add_camera("c")
    assert cameras.counted(connection) == {"online": 1, "failed": 1, "offline": 1}


async def test_who_is_revoked_is_cut_off(tmp_path: Path, authority: Authority) -> None:
    cut: list[str] = []

    async def remember(camera: str) -> None:
        cut.append(camera)

    async with Database(f"sqlite:///{tmp_path}/hub.db") as database:
        registry = Registry(database, authority, tls=True)
        registry.cut.append(remember)
        token, number = await registry.give_out("me", tags={"site": "oslo"})
        assert token.endswith(authority.fingerprint)
        assert [grant.id for grant in await registry.tokens()] == [number]
        with pytest.raises(Unknown):
            await registry.revoke("door")
        assert cut == []
