import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import InputError, OutputError
from sightline.wire.formats.record import LARGEST, Kind, read_records, seal

BODIES = st.lists(st.tuples(st.sampled_from(Kind), st.binary(max_size=200)), max_size=5)


def read(data: bytes) -> list[tuple[int, bytes]]:
    return list(read_records(BytesIO(data), "file"))


@given(BODIES)
def test_records_come_back(records: list[tuple[Kind, bytes]]) -> None:
    assert read(b"".join(seal(*record) for record in records)) == records


@given(BODIES, st.data())
def test_a_file_cut_anywhere_reads_to_its_last_whole_record(
    records: list[tuple[Kind, bytes]], data: st.DataObject
) -> None:
    sealed = [seal(*record) for record in records]
    whole = b"".join(sealed)
    cut = data.draw(st.integers(0, len(whole)))
    complete = sum(len(b"".join(sealed[: i + 1])) <= cut for i in range(len(sealed)))
    assert read(whole[:cut]) == records[:complete]


@pytest.mark.parametrize("zeros", [1, 7, 4096, 200_000])
def test_zeros_that_a_power_cut_left_are_passed_over(zeros: int) -> None:
    assert read(seal(Kind.EVENT, b"one") + bytes(zeros)) == [(Kind.EVENT, b"one")]


@pytest.mark.parametrize("place", range(2, 12))
def test_damage_before_the_end_is_named(place: int) -> None:
    first = bytearray(seal(Kind.EVENT, b"12345"))
    first[place] ^= 0x40
    with pytest.raises(InputError, match="file"):
        read(bytes(first) + seal(Kind.EVENT, b"x" * 2000))


def test_a_torn_last_record_is_left_out() -> None:
    last = bytearray(seal(Kind.EVENT, b"12345"))
    last[6] ^= 1
    assert read(seal(Kind.EVENT, b"one") + bytes(last)) == [(Kind.EVENT, b"one")]


def test_what_stands_before_damage_is_read() -> None:
    records = read_records(BytesIO(seal(Kind.EVENT, b"one") + b"nonsense"), "file")
    assert next(records) == (Kind.EVENT, b"one")
    with pytest.raises(InputError, match="byte 11"):
        next(records)


def test_a_newer_container_is_named_as_such() -> None:
    newer = bytearray(seal(Kind.EVENT, b""))
    newer[2] = 0x23
    newer[4:] = zlib.crc32(bytes(newer[2:4])).to_bytes(4, "little")
    with pytest.raises(InputError, match="newer Sightline"):
        read(bytes(newer))


@pytest.mark.parametrize("length", [b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff\xff\xff\x01"])
def test_a_length_is_not_believed(length: bytes) -> None:
    with pytest.raises(InputError, match="longer than any"):
        read(b"SL\x13" + length + bytes(100))


def test_what_no_reader_would_take_is_not_written() -> None:
    with pytest.raises(OutputError, match="JSON Lines"):
        seal(Kind.EVENT, bytes(LARGEST + 1))


@given(st.binary(max_size=300))
def test_hostile_bytes_are_refused(data: bytes) -> None:
    for start in (b"", b"SL", b"SL\x12", seal(Kind.EVENT, b"one")):
        with suppress(InputError):
            read(start + data)
