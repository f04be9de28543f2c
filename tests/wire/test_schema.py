import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from sightline.results import Detections
from sightline.wire.codec import encode, encode_frame
from sightline.wire.messages import Event, FrameMetadata, Header, Mask, Measure, Object
from sightline.wire.schema import metadata_schema, summary_schema
from sightline.wire.summary import Summary

LABELS = ("person", "car", "shopping trolley")


@pytest.fixture(scope="module")
def lines() -> Draft202012Validator:
    Draft202012Validator.check_schema(metadata_schema())
    return Draft202012Validator(metadata_schema())


def _parsed(line: bytes) -> Any:
    return json.loads(line)


@pytest.mark.parametrize("tracked", [True, False])
def test_every_frame_that_we_write_fits(
    lines: Draft202012Validator, seen: Callable[..., Detections], tracked: bool
) -> None:
    for count in (0, 1, 20):
        frame = encode_frame(seen(count, 0, tracked), LABELS, "shop", 0, 0, {"people": 1}, "a.jpg")
        lines.validate(_parsed(frame))


@pytest.mark.parametrize(
    "message",
    [
        Header("shop", "shop.mp4", 1280, 720, LABELS, "scene", 25.0, "utc", "b", "0.1.0"),
        Event("line.crossed", 5, "door", "shop", 3, "person", (0.5, 0.25), {"direction": "in"}),
        Event("source.lost", 5),
        Measure("line.count", "door", 0, 10, 3.0, "shop"),
    ],
    ids=lambda message: type(message).__name__,
)
def test_every_other_line_that_we_write_fits(
    lines: Draft202012Validator, message: Header | Event | Measure
) -> None:
    lines.validate(_parsed(encode(message)))


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"type": "thought"},
        {"camera": "a", "sequence": 0, "time_ns": 0},
        {"type": "frame", "camera": "a", "sequence": "first", "time_ns": 0},
        {"type": "frame", "camera": "a", "sequence": 0, "time_ns": 0, "objects": [{"box": []}]},
    ],
)
def test_other_lines_do_not(lines: Draft202012Validator, line: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        lines.validate(line)


def test_fields_of_later_versions_fit(lines: Draft202012Validator) -> None:
    lines.validate({"type": "event", "kind": "x", "time_ns": 0, "mood": "fine"})


@pytest.mark.parametrize("kind", [Header, FrameMetadata, Object, Mask, Event, Measure])
def test_every_field_is_described(kind: type) -> None:
    definition = metadata_schema()["$defs"][kind.__name__]
    assert definition["description"]
    for item in fields(kind):
        if item.name != "type":
            assert definition["properties"][item.name]["description"], item.name


def test_the_summary_has_a_schema_too() -> None:
    schema = summary_schema()
    Draft202012Validator.check_schema(schema)
    summary = Summary(10, 2.0, 5.0, lines={"door": {"in": 1, "out": 0}})
    Draft202012Validator(schema).validate(_parsed(summary.to_json()))
    assert all(schema["properties"][item.name]["description"] for item in fields(Summary))


def test_the_summary_holds_every_key_even_when_nothing_happened() -> None:
    held = _parsed(Summary(0, 0.0, 0.0).to_json())
    assert {"frames", "seconds", "fps", "dropped", "stages_ms", "tracks", "lines", "zones"} <= set(
        held
    )
