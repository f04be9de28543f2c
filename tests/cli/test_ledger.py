"""`sightline ledger verify` on files as they are found."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from sightline.cli import app
from sightline.errors import InputError
from sightline.wire.egress import Entry, SentPicture, seal

NOON = 1_793_880_000_000_000_000  # 2026-11-05T12:00:00Z
HOUR = 3600 * 10**9
PICTURE = SentPicture("p1", NOON + HOUR // 2, 9000, "ab" * 32, "redacted", "user ann")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    key, lines, previous = ec.generate_private_key(ec.SECP256R1()), [], ""
    for number in range(3):
        begin, end = NOON + number * HOUR, NOON + (number + 1) * HOUR
        pictures = (PICTURE,) if number == 0 else ()
        entry = Entry("door", number, begin, end, ("redacted",), {}, pictures, previous=previous)
        sealed = seal(entry, key)
        lines.append(sealed.line)
        previous = sealed.digest
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_it_says_what_left(ledger: Path) -> None:
    done = CliRunner().invoke(app, ["ledger", "verify", str(ledger)])
    assert done.exit_code == 0
    assert "3 entries" in done.output
    assert "picture p1  9000 bytes  redacted  user ann" in done.output


def test_no_picture_since_is_a_clean_exit_and_one_is_not(ledger: Path) -> None:
    late = CliRunner().invoke(
        app, ["ledger", "verify", str(ledger), "--since", "2026-11-05T13:30:00Z"]
    )
    assert (late.exit_code, "no picture left since" in late.output) == (0, True)
    early = CliRunner().invoke(app, ["ledger", "verify", str(ledger), "--since", "2026-11-05"])
    assert early.exit_code == 1


def test_a_ledger_whose_end_was_cut_off_proves_nothing_about_it(ledger: Path) -> None:
    ledger.write_bytes(ledger.read_bytes().splitlines()[0] + b"\n")
    words = ["ledger", "verify", str(ledger), "--since", "2026-11-05T13:30:00Z"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert "no picture left" not in done.output
    assert "ends before that time" in done.output


def test_a_line_cut_by_a_power_cut_is_no_lie(ledger: Path) -> None:
    whole = ledger.read_bytes()
    ledger.write_bytes(whole + whole[:200])
    assert CliRunner().invoke(app, ["ledger", "verify", str(ledger)]).exit_code == 0


def test_a_line_taken_out_is_seen(ledger: Path) -> None:
    first, _, last = ledger.read_bytes().splitlines()
    ledger.write_bytes(first + b"\n" + last + b"\n")
    done = CliRunner().invoke(app, ["ledger", "verify", str(ledger)])
    assert isinstance(done.exception, InputError)
