"""Control messages survive the wire, and what is none is refused by name."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import InputError
from sightline.wire.control import (
    Command,
    Desired,
    Enrolled,
    Enrolment,
    Health,
    ModelRef,
    Reported,
    Result,
    Watch,
    decode_control,
    encode_control,
)  # fmt: skip

MODEL = ModelRef("m", "1", "00", 5, "/x")
MESSAGES = [
    Enrolment("token", "request", "door", {"site": "oslo"}, {"cpu": "arm"}, "0.1"),
    Enrolled("door", "certificate", "mqtts://hub:8601", "authority"),
    Desired(3, {"lines": [{"name": "door"}]}, MODEL, "d1", 5.0, {"fps": 0.8}),
    Reported(3, "rolled-back", {}, {"name": "m"}, "failed", {"agreement": 0.2}, "d1", "slow", 9),
    Health("door", "boot", 9, "running", errors=((1, "a"), (2, "b")), temperature_c=48.5),
    Command("c1", "snapshot", {"quality": 80}, 9),
    Result("c1", False, {"a": [1, None]}, "no"),
    Watch(0.04, 15.0),
]  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_comes_back_as_it_was(message: Any) -> None:
    assert decode_control(type(message), encode_control(message), "door") == message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_unknown_fields_are_ignored(message: Any) -> None:
    later = encode_control(message)[:-1] + b', "later": {"a": [1]}}'
    assert decode_control(type(message), later, "door") == message


@given(st.sampled_from([type(message) for message in MESSAGES]), st.binary(max_size=80))
def test_noise_is_refused_by_name(kind: Any, data: bytes) -> None:
    with pytest.raises(InputError, match="door sent what is no"):
        decode_control(kind, data, "door")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Reported, b'{"version": 1, "state": "perhaps", "config": {}}'),
        (Desired, b'{"version": "1", "config": {}}'),
        (Health, b'{"camera": "door"}'),
        (Result, b"[" * 100_000),
        (Command, b'{"id": 1, "name": "x"}'),
        (Watch, b'{"every_s": null, "for_s": 5}'),
    ],
)
def test_what_cannot_be_meant_is_refused(kind: Any, text: bytes) -> None:
    with pytest.raises(InputError):
        decode_control(kind, text, "door")


def test_old_messages_read_for_ever() -> None:
    """With the fields of the first release alone; never change these lines."""
    assert decode_control(Desired, b'{"version": 1, "config": {}}', "hub") == Desired(1, {})
    health = b'{"camera": "door", "boot": "b", "time_ns": 5, "state": "running"}'
    assert decode_control(Health, health, "door") == Health("door", "b", 5, "running")
    result = b'{"id": "c", "ok": true}'
    assert decode_control(Result, result, "door") == Result("c", True)
