import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import ConfigError
from sightline.picture import Frame
from sightline.source import SourceConfig, open_source
from sightline.source.scene import SCENES, SceneSource, parse_scene, scene_of
from sightline.source.scene import truths as unpainted
from sightline.wire.messages import Event

SMALL = "size=160x90&fps=5"


def frames(query: str, **keys: object) -> list[Frame]:
    source = SceneSource(SourceConfig.model_validate({"uri": f"scene:entrance?{query}", **keys}))
    with source:
        return [item for item in source.frames() if isinstance(item, Frame)]


def truths(query: str) -> list[object]:
    return [frame.truth for frame in frames(query)]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not() -> None:
    first, again, other = (
        [frame.picture.rgb().tobytes() for frame in frames(f"seed={seed}&seconds=1&{SMALL}")]
        for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("name", ["entrance", "queue", "ceiling"])
def test_the_truth_is_the_same_without_painting_it(name: str) -> None:
    uri = f"scene:{name}?seed=4&seconds=2&{SMALL}"
    with SceneSource(SourceConfig(uri=uri)) as source:
        painted = [
            (item.time_ns, item.truth) for item in source.frames() if isinstance(item, Frame)
        ]
    assert list(unpainted(uri)) == painted


def test_truth_is_the_same_at_any_size() -> None:
    small, large = (truths(f"seconds=3&fps=2&size={size}") for size in ("96x64", "640x360"))
    assert small == large


def test_truth_is_the_same_at_any_rate() -> None:
    slow, fast = (truths(f"seconds=3&size=96x64&fps={fps}") for fps in (2, 8))
    assert slow == fast[::4]


def test_between_the_steps_of_the_world_people_go_on_smoothly() -> None:
    found = truths("seconds=1&fps=60&size=96x64")
    feet = [{item["id"]: item["foot"] for item in truth["objects"]} for truth in found]  # type: ignore[index]
    walker = max(
        feet[0].keys() & feet[-1].keys(), key=lambda i: abs(feet[0][i][0] - feet[-1][i][0])
    )
    across = np.diff([foot[walker][0] for foot in feet if walker in foot])
    assert (across != 0).all()
    assert np.abs(across).max() < 3 * np.abs(across).mean()


def test_truth_is_plain_json_and_survives_it() -> None:
    found = truths(f"seconds=2&busy=3&{SMALL}")
    assert json.loads(json.dumps(found)) == found


def test_truth_tells_of_people_trolleys_shelf_and_light() -> None:
    found = [t for t in truths("seconds=20&fps=1&busy=2&size=96x64&light=cycle") if t]
    objects = [item for truth in found for item in truth["objects"]]  # type: ignore[index]
    assert {item["label"] for item in objects} == {"person", "trolley"}
    for item in objects:
        x1, y1, x2, y2 = item["box"]
        assert 0 <= x1 < x2 <= 1
        assert 0 <= y1 < y2 <= 1
        assert 0 <= item["visible"] <= 1
    assert {truth["light"] for truth in found} == {"day", "dusk", "night"}  # type: ignore[index]
    fills = [[cell["fill"] for cell in truth["shelf"]] for truth in found]  # type: ignore[index]
    assert len({tuple(fill) for fill in fills}) > 1, "somebody takes something"
    assert all(0 <= value <= 1 for fill in fills for value in fill)


def test_an_identity_belongs_to_one_thing_for_good() -> None:
    labels: dict[int, str] = {}
    for truth in truths("seconds=20&fps=2&busy=2&size=96x64"):
        numbers = [item["id"] for item in truth["objects"]]  # type: ignore[index]
        assert len(numbers) == len(set(numbers))
        for item in truth["objects"]:  # type: ignore[index]
            assert labels.setdefault(item["id"], item["label"]) == item["label"]


def test_times_are_exact_and_the_length_is_what_was_asked_for() -> None:
    found = frames("seconds=2&fps=30&size=96x64")
    assert [frame.time_ns for frame in found] == [round(i * 1e9 / 30) for i in range(60)]
    assert [frame.sequence for frame in found] == list(range(60))


def test_a_lower_rate_is_rendered_at_that_rate() -> None:
    found = frames("seconds=2&fps=20&size=96x64", fps=4)
    assert [frame.time_ns for frame in found] == [i * 250_000_000 for i in range(8)]


def test_night_is_darker_than_day_and_noisier() -> None:
    day, night = (
        np.stack([f.picture.rgb() for f in frames(f"seconds=0.4&light={light}&{SMALL}")]).astype(
            int
        )
        for light in ("day", "night")
    )
    assert night.mean() < 0.75 * day.mean()
    ceiling = slice(0, 4), slice(60, 100)
    change = [np.abs(np.diff(pictures, axis=0))[:, *ceiling].mean() for pictures in (day, night)]
    assert change[1] > 2 * change[0]


def test_the_picture_has_the_size_that_was_asked_for() -> None:
    source = open_source(SourceConfig(uri="scene:?size=100x180&seconds=0.1"))
    with source:
        picture = next(item.picture for item in source.frames() if isinstance(item, Frame))
    assert (source.info.width, source.info.height) == (100, 180)
    assert picture.rgb().shape == (180, 100, 3)


def test_a_live_scene_keeps_the_time_of_the_clock_and_drops_what_nobody_read() -> None:
    source = SceneSource(SourceConfig(uri="scene:?live=1&fps=100&size=96x64&seconds=2"))
    before = time.time_ns()
    with source:
        found = []
        for item in source.frames():
            if isinstance(item, Frame):
                found.append(item)
                time.sleep(0.05)
            if len(found) == 5:
                source.close()
    assert source.info.live
    assert source.counters.dropped >= 4 * 3
    sequence = [frame.sequence for frame in found]
    assert sequence == sorted(set(sequence))
    assert sequence[-1] == source.counters.dropped + len(found) - 1 or len(found) == 5
    assert before <= found[0].time_ns <= time.time_ns()
    assert found[-1].time_ns - found[0].time_ns == (sequence[-1] - sequence[0]) * 10_000_000


def test_it_says_when_it_begins_and_ends() -> None:
    source = SceneSource(SourceConfig(uri="scene:?seconds=0.2&size=96x64"))
    events = [item.kind for item in source.frames() if isinstance(item, Event)]
    assert events == ["source.connected", "source.ended"]


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("scene:garage", "choose one of entrance, queue"),
        ("scene:?colour=red", "there is no key 'colour'; choose from seed, seconds"),
        ("scene:?seed=-1", "seed"),
        ("scene:?seed=x", "seed"),
        ("scene:?size=0x0", "WIDTHxHEIGHT"),
        ("scene:?size=99999x10", "WIDTHxHEIGHT"),
        ("scene:?size=10x10", "size"),
        ("scene:?fps=0", "fps"),
        ("scene:?fps=nan", "fps"),
        ("scene:?light=dawn", "'day', 'night' or 'cycle'"),
        ("scene:?live=yes", "live"),
        ("scene:?busy=9", "busy"),
        ("scene:?seconds=-3", "seconds"),
        ("scene:?seconds=inf", "seconds"),
        ("scene:?seed=1&seed=2", "given twice"),
        ("scene:?seed", "key=value"),
    ],
)
def test_a_wrong_key_or_value_is_named(uri: str, words: str) -> None:
    with pytest.raises(ConfigError, match=r".") as caught:
        parse_scene(uri)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_a_scene_or_a_mistake_in_words(text: str) -> None:
    try:
        config = parse_scene(f"scene:?{text}")
    except ConfigError:
        return
    assert min(config.size) >= 64


def test_scene_alone_is_enough() -> None:
    config = parse_scene("scene:")
    assert config.size == (1280, 720)
    assert config.length == 30
    assert parse_scene("scene:?live=1").length is None


def test_lines_and_zones_lie_in_the_picture() -> None:
    for name in SCENES:
        place = scene_of(f"scene:{name}")
        points = [line[at : at + 2] for line in place.lines.values() for at in (0, 2)]
        points += [corner for zone in place.zones.values() for corner in zone]
        assert points or place.asked
        assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in points), name


def test_every_key_is_documented() -> None:
    page = Path(__file__).parents[2] / "docs" / "scene.md"
    assert all(f"`{key}`" in page.read_text() for key in type(parse_scene("scene:")).model_fields)


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_is_the_same_again_for_its_seed_and_tells_what_happens(name: str) -> None:
    def seen() -> tuple[bytes, list[Any]]:
        source = SceneSource(SourceConfig(uri=f"scene:{name}?seconds=60&fps=1&size=96x64&seed=4"))
        found = [item for item in source.frames() if isinstance(item, Frame)]
        return b"".join(f.picture.rgb().tobytes() for f in found), [f.truth for f in found]

    first, again = seen(), seen()
    assert first == again
    assert json.loads(json.dumps(first[1])) == first[1]
    assert any(truth["objects"] for truth in first[1])
    events = [event for truth in first[1] for event in truth.get("events", ())]
    assert bool(events) == (name != "entrance")
    assert all(0 <= event["time_ns"] <= 60e9 for event in events)
    assert [event["time_ns"] for event in events] == sorted(event["time_ns"] for event in events)


class TestFaults:
    def views(self, fault: str) -> list[Frame]:
        return frames(f"seconds=3&fault={fault}@1-2&{SMALL}")

    @pytest.mark.parametrize("kind", ["covered", "dark", "blurred"])
    def test_blind_pictures_show_nothing(self, kind: str) -> None:
        clean = frames(f"seconds=3&{SMALL}")
        spoilt = self.views(kind)
        for before, after in zip(clean, spoilt, strict=True):
            at_fault = 1e9 <= before.time_ns < 2e9
            same = before.picture.rgb().tobytes() == after.picture.rgb().tobytes()
            assert same != at_fault
            truth: Any = after.truth
            assert ("view" in truth) == at_fault
            if at_fault:
                assert truth["view"] == {"faults": [kind], "shown": []}

    def test_a_moved_picture_shows_the_objects_elsewhere(self) -> None:
        truth: Any = self.views("moved")[6].truth
        dx, dy = truth["view"]["shift"]
        there = {item["id"]: item["foot"] for item in truth["objects"]}
        for item in truth["view"]["shown"]:
            x, y = there[item["id"]]
            assert item["foot"] == pytest.approx([x + dx, y + dy], abs=1e-4)

    def test_a_frozen_picture_stays(self) -> None:
        pictures = [frame.picture.rgb().tobytes() for frame in self.views("frozen")]
        assert len(set(pictures[5:10])) == 1
        assert len(set(pictures)) == 11

    def test_a_wrong_clock_is_ahead_and_comes_back(self) -> None:
        times = [frame.time_ns for frame in self.views("clock")]
        assert max(times) > 90e9
        assert times[-1] < 3e9

    @pytest.mark.parametrize("text", ["covered", "rain@1-2", "dark@5-4", "dark@1-2;moved@2-3", ""])
    def test_a_wrong_fault_is_named(self, text: str) -> None:
        with pytest.raises(ConfigError, match="fault"):
            parse_scene(f"scene:?fault={text}")
