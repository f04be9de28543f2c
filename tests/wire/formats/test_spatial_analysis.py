"""The events of Spatial Analysis, as pipelines of that service read them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sightline.results import Detections
from sightline.wire.formats.open import open_writer
from sightline.wire.formats.spatial_pictures import side_of
from sightline.wire.formats.spatial_wishes import Kind, Wish, Wishes
from sightline.wire.messages import Event, Header, Measure

HEADER = Header("door", "", 600, 300, ("person", "dog"), boot="b")
SQUARE = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
MS = 1_000_000
# What Sightline does not know of a person, so that it is left out.
UNKNOWN = {
    "centerGroundPoint", "centerGroundPointX", "centerGroundPointY", "groundOrientationAngle",
    "mappedImageOrientation", "speed", "attributes", "metadataType", "cameraCalibrationInfo",
}  # fmt: skip


def seen(*people: tuple[int, float, float]) -> Detections:
    """People by track, and where their feet are."""
    boxes = [[x - 0.05, y - 0.2, x + 0.05, y] for _, x, y in people]
    return Detections(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.full(len(people), 0.9, np.float32),
        np.zeros(len(people), np.int32),
        np.array([track for track, _, _ in people], np.int64),
    )


def happened(kind: str, frame: int, track: int = 1, label: str = "person", **data: Any) -> Event:
    name = "line" if kind.startswith("line") else "lobby"
    return Event(kind, frame * 100 * MS, name, "door", track, label, data=data)


def told(
    path: Path,
    pictures: list[tuple[Detections, list[Event]]],
    wishes: Wishes | None = None,
    format: str = "spatial-analysis",
) -> list[dict[str, Any]]:
    """What is written of pictures, ten a second, and the events that come with each."""
    writer = open_writer(path / "out.jsonl", format, wishes)
    writer.header(HEADER)
    for number, (detections, events) in enumerate(pictures):
        writer.frame(detections, HEADER.labels, number, number * 100 * MS)
        for event in events:
            writer.event(event)
    writer.measure(Measure("line.count", "line", 0, 9, 1))
    writer.close()
    return [json.loads(line) for line in (path / "out.jsonl").read_bytes().splitlines()]


def visit(steps: int = 3) -> list[tuple[Detections, list[Event]]]:
    """In over the left side, out over the lower one after so many pictures."""
    entered = happened("zone.entered", 1, crossed=True)
    left = happened("zone.left", 1 + steps, crossed=True, dwell_s=steps / 10)
    inside: tuple[Detections, list[Event]] = (seen((1, 0.5, 0.7)), [])
    return [
        (seen((1, 0.15, 0.5)), []),
        (seen((1, 0.25, 0.5)), [entered]),
        *[inside] * (steps - 1),
        (seen((1, 0.5, 0.85)), [left]),
    ]


def everything(path: Path, format: str = "spatial-analysis") -> dict[str, dict[str, Any]]:
    """The first document of each type."""
    pictures = visit()
    both = seen((1, 0.5, 0.7), (2, 0.55, 0.7))
    close = happened("distance.close", 5, other=2, metres=1.0)
    pictures += [(both, [happened("line.crossed", 5, direction="out"), close])]
    wishes = Wishes(polygons={"lobby": SQUARE}, limits_m={"lobby": 1.8288})
    documents = told(path, pictures, wishes, format)
    return {one["events"][0]["type"]: one for one in reversed(documents)}


def shape(value: Any) -> Any:
    """The fields, without those that we do not know, and what kind of value each has."""
    if isinstance(value, dict):
        return {key: shape(held) for key, held in value.items() if key not in UNKNOWN}
    if isinstance(value, list):
        return shape(value[0]) if value else None
    return type(value).__name__


@pytest.mark.parametrize("schema", ["1.0", "2.0"])
def test_every_field_is_that_of_the_service(data: Path, tmp_path: Path, schema: str) -> None:
    path = data / "metadata" / "azure_spatial_analysis" / "events_v1_and_v2.json"
    samples = json.loads(path.read_bytes())[schema]
    format = "spatial-analysis" if schema == "2.0" else "spatial-analysis-1.0"
    found = everything(tmp_path, format)
    assert found.keys() == samples.keys()
    for kind, sample in samples.items():
        if schema == "1.0":
            for one in (*found[kind]["detections"], *sample["detections"]):
                one["metadata"] = {}  # in the sample it holds only what we do not know
        assert shape(found[kind]) == shape(sample), kind
        assert found[kind]["schemaVersion"] == schema


def test_a_crossing_tells_who_where_and_which_way(tmp_path: Path) -> None:
    crossed = [happened("line.crossed", 1, direction="in")]
    pictures = [(seen((1, 0.4, 0.5)), []), (seen((1, 0.6, 0.5), (2, 0.1, 0.5)), crossed)]
    [document] = told(tmp_path, pictures)
    [event], [person] = document["events"], document["detections"]
    assert event["zone"] == "line"
    assert event["properties"] == {"trackingId": person["id"], "status": "CrossRight"}
    assert event["detectionIds"] == [person["id"]]
    assert len(person["id"]) == 32
    assert person["region"]["points"] == [{"x": 0.55, "y": 0.3}, {"x": 0.65, "y": 0.5}]
    assert person["metadata"]["footprintX"] == "0.6"
    assert document["sourceInfo"] == {
        "id": "door", "timestamp": "1970-01-01T00:00:00.100Z", "width": 600, "height": 300,
        "frameId": "1", "imagePath": "",
    }  # fmt: skip


def test_a_visit_is_entered_counted_left_and_its_length_told(tmp_path: Path) -> None:
    wishes = Wishes(polygons={"lobby": SQUARE})
    events = [one["events"][0] for one in told(tmp_path, visit(), wishes)]
    assert [one["type"] for one in events] == [
        "personZoneEnterExitEvent", "personCountEvent", "personZoneEnterExitEvent",
        "personZoneDwellTimeEvent", "personCountEvent",
    ]  # fmt: skip
    enter, one, exit, dwell, none = (event["properties"] for event in events)
    assert (enter["status"], enter["side"]) == ("Enter", "4")
    assert (exit["status"], exit["side"]) == ("Exit", "3")
    assert (dwell["status"], dwell["dwellTime"], dwell["dwellFrames"]) == ("Exit", 300.0, 3)
    assert [one["personCount"], none["personCount"]] == [1, 0]
    assert len({event["id"] for event in events}) == 5


def test_who_appears_inside_crossed_no_side(tmp_path: Path) -> None:
    pictures = [(seen((1, 0.5, 0.5)), [happened("zone.entered", 0, crossed=False)])]
    wishes = Wishes(polygons={"lobby": SQUARE})
    assert told(tmp_path, pictures, wishes)[0]["events"][0]["properties"]["side"] == ""


def test_what_is_sure_later_is_told_with_the_picture_in_which_it_was(tmp_path: Path) -> None:
    late = [(seen((1, 0.9, 0.5)), [happened("line.crossed", 1, direction="out")])]
    pictures = [(seen((1, 0.1 * n, 0.5)), []) for n in range(5)]
    [document] = told(tmp_path, pictures + late)
    assert document["sourceInfo"]["frameId"] == "1"
    assert document["detections"][0]["metadata"]["footprintX"] == "0.1"


@pytest.mark.parametrize(
    ("wishes", "types"),
    [
        ({}, []),
        ({"zonedwelltime": Wish()}, ["personZoneDwellTimeEvent"]),
        ({"count": Wish()}, ["personCountEvent"] * 2),
        ({"count": Wish(output_frequency=2)}, ["personCountEvent"]),
        ({"zonecrossing": Wish(output_frequency=2)}, ["personZoneEnterExitEvent"]),
        ({"count": Wish("interval")}, ["personCountEvent"] * 3),
        ({"count": Wish("interval", 2)}, ["personCountEvent"] * 2),
    ],
)
def test_only_what_was_wished_for_is_told(
    tmp_path: Path, wishes: dict[Kind, Wish], types: list[str]
) -> None:
    documents = told(tmp_path, visit(20), Wishes({"lobby": wishes}))
    assert [one["events"][0]["type"] for one in documents] == types


def test_only_people_are_told_of(tmp_path: Path) -> None:
    dog = happened("line.crossed", 0, label="dog", direction="in")
    lost = Event("source.lost", 0, "door")
    assert told(tmp_path, [(seen((1, 0.5, 0.5)), [dog, lost])]) == []


def test_distances_are_in_feet(tmp_path: Path) -> None:
    near = [(seen((1, 0.4, 0.5), (2, 0.5, 0.5), (3, 0.9, 0.9)), [
        happened("distance.close", 0, other=2, metres=0.9144)])]  # fmt: skip
    [document] = told(tmp_path, near, Wishes(limits_m={"lobby": 1.8288}))
    properties = document["events"][0]["properties"]
    assert properties["averageDistance"] == pytest.approx(3)
    assert properties["minimumDistanceThreshold"] == 6.0
    assert (properties["personCount"], properties["distanceViolationPersonCount"]) == (3, 2)
    assert len(document["detections"]) == 2


def test_times_beyond_the_calendar_and_events_before_pictures(tmp_path: Path) -> None:
    far = Event("line.crossed", 2**63, "line", "", 1, "person", data={"direction": "in"})
    writer = open_writer(tmp_path / "a.jsonl", "spatial-analysis")
    writer.event(far)
    writer.close()
    document = json.loads((tmp_path / "a.jsonl").read_bytes())
    assert document["detections"] == []
    assert document["sourceInfo"]["timestamp"].startswith("2262-04-11")


@pytest.mark.parametrize(
    ("place", "side"), [((0.5, 0.1), 1), ((0.9, 0.5), 2), ((0.5, 0.9), 3), ((0.1, 0.5), 4)]
)
def test_sides_are_counted_from_the_first_two_corners(
    place: tuple[float, float], side: int
) -> None:
    assert side_of(place, SQUARE, 2.0) == side


def test_every_so_manieth_is_one_or_more() -> None:
    with pytest.raises(ValueError, match="output_frequency"):
        Wish(output_frequency=0)
