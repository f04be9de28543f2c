"""Whole cameras at rendered scenes: what is said live, a replay of the metadata says again."""

from pathlib import Path
from typing import Any

import pytest

from sightline.analytics.replay import Replay
from sightline.camera.camera import Camera
from sightline.camera.evaluation import evaluate_scene, scene_config
from sightline.camera.outputs import Outputs
from sightline.results.stretch import stretches
from sightline.twin.questions import counts, questions
from sightline.wire.formats.open import open_reader
from sightline.wire.messages import Event

SHELF = "scene:shelf?seconds=75&fps=4&size=480x270&seed=21"
SPOILT = "scene:queue?seconds=42&fps=5&size=320x180&seed=5"


def told(events: list[Event]) -> list[Any]:
    of_the_source = ("source.connected", "source.ended")
    return [(e.kind, e.name, e.data) for e in events if e.kind not in of_the_source]


@pytest.mark.parametrize(
    ("uri", "suffix"),
    [(SHELF, ".slp"), (f"{SPOILT}&fault=covered@12-20,moved@28-36", ".jsonl")],
    ids=["shelf", "view"],
)
def test_a_replay_with_the_numbers_of_probes_equals_live(
    uri: str, suffix: str, tmp_path: Path
) -> None:
    path = str(tmp_path / f"seen{suffix}")
    camera = Camera(scene_config(uri, "truth", output={"metadata": path}))
    live: list[Event] = []
    with Outputs(camera) as outputs:
        for readout in camera.run():
            live += readout.events
            outputs.write(readout)
    reader = open_reader(path)
    header = reader.header
    again = questions(camera.config, list(header.labels), header.width / header.height)
    replayed = [
        e for batch in Replay(again, header.labels).run(stretches(reader.frames())) for e in batch
    ]
    assert told(replayed) == told(live)
    assert counts(again) == camera.counts()
    assert any(event.kind.startswith(("shelf.", "view.")) for event in live)


def test_a_shelf_is_read_right_while_people_pass_before_it() -> None:
    scored = evaluate_scene(scene_config(SHELF, "truth"), 15)
    stock = {one.kind: one for one in scored.events if one.kind == "shelf.out_of_stock"}
    assert stock["shelf.out_of_stock"].true >= 2
    assert stock["shelf.out_of_stock"].precision == 1
    assert stock["shelf.out_of_stock"].recall == 1


def test_every_fault_of_the_view_is_found_and_none_that_is_not() -> None:
    faults = "covered@8-13,dark@18-23,moved@28-33,frozen@36-42"
    scored = evaluate_scene(scene_config(f"{SPOILT}&fault={faults}", "truth"), 2)
    views = [one for one in scored.events if one.kind.startswith("view.")]
    assert sum(one.true for one in views) == 4
    assert all(one.precision == one.recall == 1 for one in views)
