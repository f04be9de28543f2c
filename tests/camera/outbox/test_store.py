"""The outbox's file: nothing lost, nothing out of order, whatever happens in between."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.camera.outbox.draft import Draft, Losses
from sightline.camera.outbox.file import DamagedFile, DiskFull
from sightline.camera.outbox.giving_up import Bounds
from sightline.camera.outbox.store import Store

WIDE = Bounds(1 << 30, 1e9)


def draft(number: int, rank: str = "events", size: int = 100) -> Draft:
    kind = "frames" if rank == "frames" else "events"
    holds = Losses(**{rank: 1}) if rank != "ledger" else Losses()
    return Draft(rank, kind, b"%08d" % number + bytes(size - 8), holds=holds)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    made = Store(path, "door", "boot1", WIDE)
    yield made
    made.close()


def bodies(store: Store, after: int = 0) -> list[int]:
    found = [item.parcel for item in store.next(after, 1000)]
    return [int(parcel.body[:8]) for parcel in found if parcel.kind != "lost"]


def test_parcels_come_out_in_order_with_numbers(store: Store) -> None:
    store.write([draft(1), draft(2)])
    store.write([draft(3)])
    found = store.next(0, 10)
    assert [item.parcel.sequence for item in found] == [0, 1, 2]
    assert bodies(store) == [1, 2, 3]
    assert bodies(store, found[1].id) == [3]


def test_a_new_boot_numbers_anew_and_sends_what_the_old_one_left(store: Store, path: Path) -> None:
    store.write([draft(1), draft(2)])
    store.close()
    second = Store(path, "door", "boot2", WIDE)
    second.write([draft(3)])
    found = [(item.parcel.boot, item.parcel.sequence) for item in second.next(0, 10)]
    assert found == [("boot1", 0), ("boot1", 1), ("boot2", 0)]
    second.close()


def test_what_arrived_is_gone_and_what_was_kept_is_there(store: Store, path: Path) -> None:
    store.write([draft(1), draft(2)], kept={"state": b"one"}, headers={"ab": b"head"})
    store.write(done=[store.next(0, 1)[0].id], kept={"state": b"two"})
    store.close()
    again = Store(path, "door", "boot2", WIDE)
    assert bodies(again) == [2]
    assert again.kept("state") == b"two"
    again.close()


def test_a_long_backlog_that_is_cut_leaves_no_hole(path: Path) -> None:
    store = Store(path, "door", "boot1", Bounds(10_000, 1e9))
    store.wait()
    for number in range(300):
        store.write([draft(number, "frames"), draft(1000 + number, "events", 20)])
    found = store.next(0, 1000)
    assert [item.parcel.sequence for item in found] == list(range(len(found)))
    kept = [item for item in found if item.rank == "events"]
    assert len(kept) == 300  # frames went first
    last = found[-1].parcel
    lost = msgspec.json.decode(last.body)
    frames = sum(item.rank == "frames" for item in found)
    assert (last.kind, lost["frames"], lost["events"]) == ("lost", 300 - frames, 0)
    assert store.losses == Losses(frames=300 - frames)
    assert bodies(store, found[-1].id) == []  # told once
    store.close()


def test_what_had_numbers_is_named_when_it_is_given_up(path: Path) -> None:
    store = Store(path, "door", "boot1", Bounds(1000, 1e9))
    for number in range(12):
        store.write([draft(number, "frames")])
    found = [item for item in store.next(0, 100) if item.parcel.kind == "lost"]
    lost = msgspec.json.decode(found[0].parcel.body)
    assert (lost["first"], lost["last"]) == (0, lost["frames"] - 1)
    store.close()


def test_what_is_under_way_is_not_given_up(path: Path) -> None:
    store = Store(path, "door", "boot1", Bounds(1000, 1e9))
    store.write([draft(number, "frames") for number in range(9)])
    sent = store.next(0, 3)
    store.write([draft(number, "frames") for number in range(9, 20)], under_way=sent[-1].id)
    assert bodies(store)[:3] == [0, 1, 2]
    store.close()


def test_age_counts_only_while_the_camera_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("sightline.camera.outbox.store.monotonic", lambda: now)
    store = Store(path, "door", "boot1", Bounds(1 << 20, 3600))
    store.write([draft(1), draft(2, "frames")])
    now += 3599
    store.write([draft(3)])
    assert bodies(store) == [1, 2, 3]
    now += 2
    store.write()
    assert [item.parcel.kind for item in store.next(0, 9)] == ["events", "lost"]
    assert store.losses == Losses(frames=1, events=1)
    store.close()


def test_a_full_disk_undoes_the_whole_transaction(store: Store) -> None:
    store.write([draft(1)])
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(DiskFull):
        store.write([draft(2), draft(3, size=100_000)], kept={"state": b"new"})
    assert bodies(store) == [1]
    assert store.kept("state") is None
    assert store.held()["events"].parcels == 1
    store._db.execute("PRAGMA max_page_count=1000000")
    store.write([draft(2), draft(3)])
    assert bodies(store) == [1, 2, 3]


def test_a_file_that_is_none_is_said_to_be_damaged(path: Path) -> None:
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(DamagedFile, match=r"outbox\.db"):
        Store(path, "door", "boot1", WIDE)


@given(cut=st.integers(0, 1 << 20), writes=st.integers(1, 12))
@settings(max_examples=60)
def test_killed_at_any_byte_it_opens_with_whole_transactions(
    tmp_path_factory: pytest.TempPathFactory, cut: int, writes: int
) -> None:
    folder = tmp_path_factory.mktemp("kill")
    store = Store(folder / "outbox.db", "door", "boot1", WIDE)
    for number in range(writes):
        store.write([draft(2 * number), draft(2 * number + 1)], kept={"state": b"%d" % number})
    copy = folder / "copy"
    copy.mkdir()
    for file in folder.glob("outbox.db*"):
        if not file.name.endswith("-shm"):
            shutil.copy(file, copy / file.name)
    wal = copy / "outbox.db-wal"
    wal.write_bytes(wal.read_bytes()[: cut % (wal.stat().st_size + 1)])
    store.close()
    try:
        again = Store(copy / "outbox.db", "door", "boot2", WIDE)
    except DamagedFile:
        pytest.fail("a cut file must open")
    held = bodies(again)
    assert held == list(range(len(held)))
    assert len(held) % 2 == 0
    state = again.kept("state")
    assert (int(state) + 1 if state else 0) * 2 == len(held)
    again.close()
