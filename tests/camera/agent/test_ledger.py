"""The camera's ledger across kills, power cuts and full disks."""

import asyncio
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sightline.camera.agent.ledger import Ledger
from sightline.errors import OutputError
from sightline.wire.egress import Sent, SentPicture, verify

KEY = ec.generate_private_key(ec.SECP256R1())
PICTURE = SentPicture("p1", 15, 1000, "ab" * 32, "full")


def opened(path: Path, now_ns: int = 10) -> Ledger:
    return Ledger(path, "door", KEY, now_ns)


def test_entries_follow_each_other_over_restarts_without_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    for start in range(10, 50, 10):
        ledger = opened(path, start + 5)
        ledger.policy("none")
        ledger.count("frames", 100)
        asyncio.run(ledger.close(start + 10))
    found = verify(path.read_bytes().splitlines(), "ledger")
    assert [entry.entry.number for entry in found] == [0, 1, 2, 3]
    assert found[0].entry.sent == {"frames": Sent(1, 100)}


def test_what_was_counted_before_a_kill_counts_and_the_kill_shows(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    first = opened(path)
    asyncio.run(first.close(20))
    first.count("frames", 70)
    kept = first.counted()
    again = opened(path)
    again.resume(kept, unclean=True)
    again.count("frames", 30)
    sealed = asyncio.run(again.close(30))
    assert sealed.entry.sent == {"frames": Sent(2, 100)}
    assert sealed.entry.unclean
    late = opened(path)
    late.resume(kept, unclean=False)  # of an interval that has been closed since
    assert asyncio.run(late.close(40)).entry.sent == {}


@pytest.mark.parametrize("cut", [1, 50, 300])
def test_half_a_line_is_cut_off(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = opened(path)
    for now in (20, 30, 40):
        asyncio.run(ledger.close(now))
    path.write_bytes(path.read_bytes()[:-cut])
    again = opened(path)
    assert again.number == 1
    asyncio.run(again.close(50))
    assert len(verify(path.read_bytes().splitlines(), "ledger")) == 3


def test_where_the_entry_cannot_be_written_nothing_is_forgotten(tmp_path: Path) -> None:
    ledger = opened(tmp_path / "missing" / "ledger.jsonl")
    ledger.count("frames", 10)
    with pytest.raises(OutputError):
        asyncio.run(ledger.close(20, (PICTURE,)))
    (tmp_path / "missing").mkdir()
    sealed = asyncio.run(ledger.close(30))
    assert sealed.entry.sent == {"frames": Sent(1, 10)}
    assert sealed.entry.pictures == ()


def test_entries_that_were_not_queued_are_found(tmp_path: Path) -> None:
    ledger = opened(tmp_path / "ledger.jsonl")
    for now in (20, 30, 40):
        asyncio.run(ledger.close(now))
    assert [item.entry.number for item in ledger.after(0)] == [1, 2]
    assert ledger.after(2) == []


def test_a_clock_that_goes_back_ends_no_entry_before_it_begins(tmp_path: Path) -> None:
    ledger = opened(tmp_path / "ledger.jsonl", now_ns=100)
    assert asyncio.run(ledger.close(50)).entry.end_ns == 100
