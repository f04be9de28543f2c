"""Demo data says that it is, to those who see its cameras, and goes again when it is told to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hubkit import SECOND, Speaker
from hubrun import KEYBOARD, RunningHub, running_hub
from sqlalchemy import select

from sightline.errors import InputError
from sightline.hub.auth.principal import Principal
from sightline.hub.demo.mark import Mark, read_mark, remove_mark, write_mark
from sightline.hub.plans.layout import Layout
from sightline.hub.store.tables.frames import tail

MARK = Mark(("door", "till"), ("user demo",), 7, ((100, 200), (300, 400)), 0.5)


def test_the_mark_is_kept_and_removed(tmp_path: Path) -> None:
    assert read_mark(tmp_path) is None
    write_mark(tmp_path, MARK)
    assert read_mark(tmp_path) == MARK
    remove_mark(tmp_path)
    assert read_mark(tmp_path) is None


def test_a_damaged_mark_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{")
    with pytest.raises(InputError, match="does not say what is demo data"):
        read_mark(tmp_path)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    with running_hub(tmp_path_factory.mktemp("demo") / "hub") as running:
        for name, site in (("door", "oslo"), ("till", "bergen"), ("real", "oslo")):
            running.enrol(name, site=site)
            speaker = Speaker(name)
            running.hear(speaker.announce(), speaker.frames([2, 1]))
        yield running


def asked(hub: RunningHub, method: str = "GET", role: str = "viewer", scope: str = "") -> Any:
    headers = {"Authorization": f"Bearer {hub.token(role, scope)}"}
    return httpx.request(method, f"{hub.url}/api/v1/demo", headers=headers)


def test_a_hub_of_real_cameras_has_none(hub: RunningHub) -> None:
    assert asked(hub).json()["demo"] is False
    assert asked(hub, "DELETE", "admin").status_code == 404


def test_who_sees_its_cameras_is_told(hub: RunningHub) -> None:
    write_mark(hub.services.settings.data, MARK)
    told = asked(hub).json()
    assert told == {
        "demo": True, "cameras": ["door", "till"], "from_ns": 100 * SECOND,
        "to_ns": 400 * SECOND, "done": 0.5,
    }  # fmt: skip
    assert asked(hub, scope="site=bergen").json()["cameras"] == ["till"]
    assert asked(hub, scope="name=real").json()["demo"] is False


def plan(hub: RunningHub, name: str, by: Principal, *cameras: str) -> None:
    placed = [{"camera": camera, "x": 1, "y": 1 + at} for at, camera in enumerate(cameras)]
    layout = Layout.model_validate({"size": [10, 8], "cameras": placed})
    hub.do(hub.services.plans.put(name, layout, by, ""))


def test_it_is_removed_whole_and_nothing_else(hub: RunningHub) -> None:
    write_mark(hub.services.settings.data, MARK)
    plan(hub, "shop", Principal("user", "demo", "admin"), "door", "till")
    plan(hub, "shop, moved", KEYBOARD, "till", "door")
    plan(hub, "shared", KEYBOARD, "real", "door")
    plan(hub, "empty", KEYBOARD)
    assert asked(hub, "DELETE", "operator").status_code == 403
    assert asked(hub, "DELETE", "admin").status_code == 204
    assert asked(hub).json()["demo"] is False
    kept = hub.do(hub.services.registry.list())
    assert [camera.name for camera in kept] == ["real"]
    frames = hub.do(hub.services.database.read(lambda c: c.execute(select(tail.c.camera)).all()))
    assert {row.camera for row in frames} == {"real"}
    plans = hub.do(hub.services.plans.list(None))
    placed = {one.name: [camera.camera for camera in one.cameras] for one in plans}
    assert placed == {"shared": ["real"], "empty": []}
    hub.hear(Speaker("real", boot="boot-2").announce())
