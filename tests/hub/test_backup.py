"""A backup is taken while the hub works, and a hub made of it knows what the first one knew."""

import io
import stat
import tarfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hubkit import NOW, SECOND, Speaker
from hubrun import running_hub

from sightline.errors import ConfigError, InputError
from sightline.hub.backup import backup, restore
from sightline.hub.client import Client
from sightline.hub.settings import Settings
from sightline.wire.messages import Event


def url(data: Path) -> str:
    return Settings(data=data).database_url


def said(second: int) -> Event:
    return Event("line.crossed", NOW + second * SECOND, "door", "front", second, "person")


def test_what_was_stored_by_then_is_in_it(tmp_path: Path) -> None:
    data, archive, copy = tmp_path / "site", tmp_path / "b.tar", tmp_path / "copy"
    with running_hub(data) as hub:
        token = hub.token("admin")
        speaker = Speaker("front")
        hub.hear(speaker.announce(), *(speaker.say(said(i)) for i in range(20)))
        hub.hear(speaker.frames([2, 1, 0]))
        over = threading.Event()

        def go_on() -> None:
            for second in range(20, 2000):
                if over.is_set():
                    return
                hub.hear(speaker.say(said(second)))

        talking = threading.Thread(target=go_on)
        talking.start()
        try:
            size = backup(data, url(data), archive)
        finally:
            over.set()
            talking.join()
    assert size == archive.stat().st_size
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    restore(archive, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o700
    assert (copy / "authority" / "ca.pem").read_bytes() == (
        data / "authority" / "ca.pem"
    ).read_bytes()
    span = {"begin": NOW - SECOND, "end": NOW + 10_000 * SECOND}
    with running_hub(copy) as hub, Client(hub.url, token) as client:
        found = [event.track for event in client.events(camera="front", **span)]
        assert found == list(range(len(found)))
        assert len(found) >= 20


def test_a_folder_that_is_in_use_is_left_alone(tmp_path: Path) -> None:
    data, archive = tmp_path / "site", tmp_path / "b.tar"
    with running_hub(data):
        backup(data, url(data), archive)
    with pytest.raises(ConfigError, match="is not empty"):
        restore(archive, data)
    with pytest.raises(ConfigError, match="is there already"):
        backup(data, url(data), archive)
    assert {path.name for path in tmp_path.iterdir()} == {"site", "b.tar"}


def test_what_is_no_hub_and_what_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no hub yet"):
        backup(tmp_path, url(tmp_path), tmp_path / "b.tar")
    with pytest.raises(ConfigError, match="pg_dump"):
        backup(tmp_path, "postgresql+pg8000://u@h/d", tmp_path / "b.tar")
    noise = tmp_path / "noise.tar"
    noise.write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(InputError, match="is no backup"):
        restore(noise, tmp_path / "new")
    other = tmp_path / "other.tar"
    with tarfile.open(other, "w") as file:
        entry = tarfile.TarInfo("x")
        file.addfile(entry, io.BytesIO())
    with pytest.raises(InputError, match="is no backup"):
        restore(other, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "site/../../evil"])
def test_a_backup_does_not_lead_out_of_its_folder(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "b.tar"
    with tarfile.open(archive, "w") as file:
        for told, body in (
            ("sightline-backup.json", b'{"format": 1, "version": "0"}'),
            (name, b"x"),
        ):
            entry = tarfile.TarInfo(told)
            entry.size = len(body)
            file.addfile(entry, io.BytesIO(body))
    new = tmp_path / "deep" / "new"
    with suppress(InputError):  # a leading slash is only left out
        restore(archive, new)
    assert all(new in path.parents for path in tmp_path.rglob("evil"))
    assert not Path("/tmp/evil").exists()
