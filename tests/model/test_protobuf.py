"""The wire format, beside the reference implementation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto

from sightline.model.protobuf import Malformed, fields


@given(
    st.lists(st.integers(0, 2**63 - 1), max_size=5),
    st.binary(max_size=40),
    st.lists(st.floats(width=32, allow_nan=False), max_size=5),
)
def test_reads_what_the_reference_wrote(dims: list[int], raw: bytes, floats: list[float]) -> None:
    tensor = TensorProto(dims=dims, raw_data=raw, float_data=floats, data_type=1)
    found = list(fields(memoryview(tensor.SerializeToString())))
    assert [value for number, value in found if number == 1] == dims
    assert [bytes(value) for number, value in found if number == 9] == [raw]
    assert sum(number == 4 for number, _ in found) == bool(floats)


def test_fixed_widths_are_views() -> None:
    message = memoryview(b"\x0d\x01\x02\x03\x04\x11ABCDEFGH")
    assert [(n, bytes(v)) for n, v in fields(message) if not isinstance(v, int)] == [
        (1, b"\x01\x02\x03\x04"),
        (2, b"ABCDEFGH"),
    ]


@pytest.mark.parametrize(
    "message",
    [
        b"\x80",  # a key that is cut off
        b"\x08",  # a value that is missing
        b"\x0a\x05abc",  # shorter than it says
        b"\x0d\x01\x02",
        b"\x0b",  # a group
        b"\x0f",
        b"\x02\x00",  # field number zero
        b"\x08" + b"\xff" * 11,  # a number without end
        b"\x80\x80\x80\x80\x10\x00",  # a key of more than 32 bits
    ],
)
def test_malformed(message: bytes) -> None:
    with pytest.raises(Malformed):
        list(fields(memoryview(message)))
