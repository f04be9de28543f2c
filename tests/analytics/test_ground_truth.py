"""Counts from ground-truth tracks equal those derived from them by the plain definition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Any

import pytest

from sightline.analytics.line import Line, LineConfig
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.results import Detections
from sightline.wire.formats.mot import read_mot

pytestmark = pytest.mark.data

SEQUENCES = ("MOT17-02", "MOT17-04", "MOT17-09", "TUD-Campus", "TUD-Stadtmitte")
PERSON = 0


def truth(data: Path, name: str) -> Any:
    return json.loads((data / "mot_gt_counts.json").read_text())["sequences"][name]


def pictures(data: Path, name: str) -> Iterator[tuple[int, Detections]]:
    told = truth(data, name)
    for number, seen in read_mot(data / f"mot/{name}/gt/gt.txt", *told["size"]).frames():
        people = seen[seen.labels == PERSON]
        yield round((number - 1) * 1e9 / told["fps"]), people


@pytest.mark.parametrize("name", SEQUENCES)
def test_every_crossing_is_found_at_its_picture(data: Path, name: str) -> None:
    told = truth(data, name)
    width, height = told["size"]
    roster = Roster(width / height, memory_s=inf, mend=False)
    lines = {
        line: Line(
            LineConfig(
                name=line,
                points=tuple((x / width, y / height) for x, y in (ends["A"], ends["B"])),
                hysteresis=0,
            ),
            ["person"],
            roster=roster,
        )
        for line, ends in told["lines"].items()
    }
    found: dict[str, list[list[Any]]] = {line: [] for line in lines}
    for time_ns, people in pictures(data, name):
        for line, counter in lines.items():
            for event in counter.update(people, time_ns):
                frame = round(event.time_ns * told["fps"] / 1e9) + 1
                way = {"in": "pos", "out": "neg"}[event.data["direction"]]
                found[line].append([frame, event.track, way])
    for line, ends in told["lines"].items():
        assert sorted(found[line]) == sorted(ends["events"])
        assert lines[line].summary() == {"in": ends["neg_to_pos"], "out": ends["pos_to_neg"]}


@pytest.mark.parametrize("name", SEQUENCES)
def test_zones_have_the_same_entries_exits_and_occupancy(data: Path, name: str) -> None:
    told = truth(data, name)
    width, height = told["size"]
    for zone, expected in told["zones"].items():
        polygon = tuple((x / width, y / height) for x, y in expected["polygon"])
        config = ZoneConfig(name=zone, polygon=polygon, hysteresis=0)
        counter = Zone(config, ["person"], roster=Roster(width / height, inf, mend=False))
        for time_ns, people in pictures(data, name):
            counter.update(people, time_ns)
        counter.finish()
        summary = counter.summary()
        assert (summary["entries"], summary["exits"]) == (expected["enter"], expected["exit"])
        assert summary["peak"] == expected["occupancy_max"]
        # Feet up to a hundredth below the picture are inside here, and not in the definition.
        assert summary["mean"] == pytest.approx(expected["occupancy_mean"], rel=0.01)


@pytest.mark.parametrize("name", SEQUENCES)
def test_hysteresis_takes_back_pairs_and_leaves_the_balance(data: Path, name: str) -> None:
    told = truth(data, name)
    width, height = told["size"]
    for line, ends in told["lines"].items():
        points = tuple((x / width, y / height) for x, y in (ends["A"], ends["B"]))
        counter = Line(
            LineConfig(name=line, points=points),
            ["person"],
            roster=Roster(width / height, memory_s=inf, mend=False),
        )
        for time_ns, people in pictures(data, name):
            counter.update(people, time_ns)
        counter.finish()
        counted = counter.summary()
        taken = ends["neg_to_pos"] - counted["in"], ends["pos_to_neg"] - counted["out"]
        assert taken[0] == taken[1] >= 0
