import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.wire.formats import varint


@given(st.lists(st.integers(0, 2**64 - 1)), st.binary(max_size=8))
def test_numbers_come_back_and_what_follows_is_left(values: list[int], rest: bytes) -> None:
    data = varint.encode(np.array(values, np.uint64))
    decoded, used = varint.decode(np.frombuffer(data + rest, np.uint8), len(values))
    assert decoded.tolist() == values
    assert used == len(data)


@given(st.lists(st.integers(0, 2**64 - 1), min_size=60, max_size=70))
def test_few_and_many_are_read_alike(values: list[int]) -> None:
    data = np.frombuffer(varint.encode(np.array(values, np.uint64)), np.uint8)
    for count in (1, 60, len(values)):
        decoded, _ = varint.decode(data, count)
        assert decoded.tolist() == values[:count]


@pytest.mark.parametrize("count", [3, 70])
def test_a_number_of_more_than_ten_bytes_is_none(count: int) -> None:
    data = np.frombuffer(b"\x01\xff" + b"\x80" * 10 + b"\x01" * 80, np.uint8)
    with pytest.raises(ValueError, match="longer"):
        varint.decode(data, count)


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_signs_fold(values: list[int]) -> None:
    numbers = np.array(values, np.int64)
    assert varint.unzigzag(varint.zigzag(numbers)).tolist() == values


@pytest.mark.parametrize(
    ("value", "size"), [(0, 1), (127, 1), (128, 2), (16383, 2), (16384, 3), (2**64 - 1, 10)]
)
def test_small_numbers_are_short(value: int, size: int) -> None:
    assert len(varint.encode(np.array([value], np.uint64))) == size


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x01\x80", b"\xff" * 11 + b"\x00\x00"])
def test_numbers_that_end_early_or_never_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"end early|longer"):
        varint.decode(np.frombuffer(data, np.uint8), 2)


def test_no_numbers_take_no_bytes() -> None:
    decoded, used = varint.decode(np.frombuffer(b"\x05", np.uint8), 0)
    assert (len(decoded), used) == (0, 0)
