"""The egress ledger: whole it proves, changed anywhere it does not."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.errors import InputError
from sightline.wire.egress import (
    Entry,
    Sealed,
    Sent,
    SentPicture,
    open_sealed,
    pictures_since,
    public,
    seal,
    verify,
)

KEY = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())
PICTURE = SentPicture("p1", 25, 1000, "ab" * 32, "redacted", "user ann")


def ledger(count: int, picture_in: int = -1) -> list[Sealed]:
    made: list[Sealed] = []
    for number in range(count):
        entry = Entry(
            camera="door",
            number=number,
            start_ns=number * 10,
            end_ns=number * 10 + 10,
            policies=("none",),
            sent={"frames": Sent(3, 4000)},
            pictures=(PICTURE,) if number == picture_in else (),
            previous=made[-1].digest if made else "",
        )
        made.append(seal(entry, KEY))
    return made


def test_a_whole_ledger_verifies_and_tells_when_pictures_left() -> None:
    lines = [entry.line for entry in ledger(5, picture_in=2)]
    found = verify(lines, "file", public(KEY.public_key()))
    assert [entry.entry.number for entry in found] == [0, 1, 2, 3, 4]
    assert pictures_since(found, 0) == [PICTURE]
    assert pictures_since(found, 30) == [PICTURE]  # its entry reaches to 30
    assert pictures_since(found, 31) == []


@pytest.mark.parametrize(
    ("name", "order"),
    [("one is missing", [0, 1, 3, 4]), ("the first is missing", [1, 2]), ("order", [0, 2, 1])],
)
def test_nothing_can_be_taken_out(name: str, order: list[int]) -> None:
    made = ledger(5)
    with pytest.raises(InputError, match="file: "):
        verify([made[i].line for i in order], "file")


def test_an_entry_of_another_key_is_refused() -> None:
    first = ledger(1)[0]
    forged = seal(replace(first.entry, number=1, start_ns=10, previous=first.digest), OTHER)
    with pytest.raises(InputError, match="another camera or key"):
        verify([first.line, forged.line], "file")
    with pytest.raises(InputError, match="signed with another key"):
        verify([first.line], "file", public(OTHER.public_key()))


def test_a_time_left_out_is_seen() -> None:
    first = ledger(1)[0]
    later = seal(replace(first.entry, number=1, start_ns=11, end_ns=20, previous=first.digest), KEY)
    with pytest.raises(InputError, match="leaves a time out"):
        verify([first.line, later.line], "file")


CHANGED = ledger(1, picture_in=0)[0]  # once: signatures are never twice of the same length


@given(st.data())
@settings(max_examples=150)
def test_every_changed_byte_is_noticed(data: st.DataObject) -> None:
    entry = CHANGED
    at = data.draw(st.integers(0, len(entry.line) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != entry.line[at]))
    changed = entry.line[:at] + bytes([byte]) + entry.line[at + 1 :]
    try:
        found = open_sealed(changed, "file")
    except InputError:
        return
    assert found.entry == entry.entry  # only the spelling of the signature or a blank changed


@given(st.binary(max_size=300))
def test_what_is_no_entry_is_one_sentence(line: bytes) -> None:
    with pytest.raises(InputError, match="file: "):
        open_sealed(line, "file")
