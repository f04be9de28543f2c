"""Azure's configuration becomes ours, or one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import ConfigError
from sightline.twin.config import CameraConfig, parse_config, read_tree
from sightline.twin.spatial_analysis import is_spatial_analysis, translated

SQUARE = [[0.3, 0.3], [0.3, 0.9], [0.6, 0.9], [0.6, 0.3], [0.3, 0.3]]
GROUND = {"picture": [[0, 0], [1, 0], [1, 1], [0, 1]], "floor": [[0, 0], [8, 0], [8, 6], [0, 6]]}


def line(*events: Any, **more: Any) -> dict[str, Any]:
    ends = {"start": {"x": 0, "y": 0.5}, "end": {"x": 1, "y": 0.5}}
    return {"lines": [{"name": "door", "line": ends, "events": [*events]}], **more}


def zone(*events: Any, **more: Any) -> dict[str, Any]:
    return {"zones": [{"name": "lobby", "polygon": SQUARE, "events": [*events]}], **more}


def event(kind: str, **config: Any) -> dict[str, Any]:
    return {"type": kind, "config": config}


def config_of(tree: dict[str, Any]) -> tuple[CameraConfig, list[str]]:
    assert is_spatial_analysis(tree)
    mine, left = translated(tree, "a.json")
    return parse_config({"source": "shop.mp4", **mine}, "a.json"), left


def test_the_sample_is_taken_as_it_is(data: Path) -> None:
    path = data / "metadata" / "azure_spatial_analysis" / "SPACEANALYTICS_CONFIG.json"
    config, left = config_of(read_tree(path))
    assert config.lines[0].name == "doorcamera"
    assert config.lines[0].points == ((0, 0.5), (1, 0.5))
    [lobby] = config.dwell
    assert lobby.polygon == ((0.3, 0.3), (0.3, 0.9), (0.6, 0.9), (0.6, 0.3))
    assert lobby.classes == ("person",)
    assert set(config.output.spatial_analysis["lobbycamera"]) == {
        "persondistance", "count", "zonecrossing", "zonedwelltime",
    }  # fmt: skip
    assert ["persondistance" in left[-1], "maximum_distance_threshold" in left[0]] == [True, True]


@pytest.mark.parametrize(
    ("threshold", "hysteresis"),
    [(16.0, 0.1168), (48, 0.3504), (16 / 608, 0.1168), (1e9, 10.0), (0, 0.0), (None, 0.1)],
)
def test_pixels_and_shares_of_the_width_are_one_margin(
    threshold: float | None, hysteresis: float
) -> None:
    config, _ = config_of(line(event("linecrossing", threshold=threshold)))
    assert config.lines[0].hysteresis == pytest.approx(hysteresis)


@pytest.mark.parametrize(
    ("focus", "anchor"),
    [("footprint", "bottom"), ("bottom_center", "bottom"), ("center", "center")],
)
def test_focus_is_the_anchor(focus: str, anchor: str) -> None:
    assert config_of(line(event("linecrossing", focus=focus)))[0].lines[0].anchor == anchor


def test_feet_are_metres_where_the_floor_is_known() -> None:
    asked = event("persondistance", minimum_distance_threshold=6.0)
    config, left = config_of(zone(asked, ground=GROUND))
    assert left == []
    assert config.distances[0].limit_m == pytest.approx(1.8288)
    assert not config.zones


def test_a_distance_is_told_when_it_happens_and_is_more_than_nothing() -> None:
    config, left = config_of(zone(event("persondistance", trigger="interval"), ground=GROUND))
    assert config.output.spatial_analysis["lobby"]["persondistance"].trigger == "event"
    assert "interval is left out" in left[0]
    with pytest.raises(ConfigError, match="minimum_distance_threshold: must be more"):
        config_of(zone(event("persondistance", minimum_distance_threshold=0), ground=GROUND))


def test_how_often_goes_to_the_writer() -> None:
    config, _ = config_of(zone(event("count", trigger="interval", output_frequency=3)))
    wish = config.output.spatial_analysis["lobby"]["count"]
    assert (wish.trigger, wish.output_frequency) == ("interval", 3)
    assert config.zones[0].name == "lobby"


def test_own_keys_stand_beside() -> None:
    config, _ = config_of(line(event("linecrossing"), output={"metadata": "a.jsonl"}, name="x"))
    assert (config.name, config.output.metadata) == ("x", "a.jsonl")
    assert config.output.spatial_analysis["door"].keys() == {"linecrossing"}


@pytest.mark.parametrize(
    ("tree", "key"),
    [
        (line(event("zonecrossing")), "lines.0.events.0.type"),
        (line(event("linecrossing", focus="head")), "lines.0.events.0.config.focus"),
        (line(event("linecrossing", threshold=-1)), "lines.0.events.0.config.threshold"),
        (line(event("linecrossing", trigger="often")), "lines.0.events.0.config.trigger"),
        (line(event("linecrossing", output_frequency=0.5)), "config.output_frequency"),
        (line(event("linecrossing", colour=1)), "lines.0.events.0.config.colour"),
        (zone(event("count", focus="center"), event("zonecrossing")), "zones.0.events"),
        ({"lines": [{"name": "a", "line": {"start": 1, "end": 2}}]}, "lines.0.line.start"),
        ({"zones": [{"name": "a", "events": []}]}, "zones.0.polygon"),
        ({"zones": [{"events": []}]}, "zones.0.name"),
        (line() | {"zones": [{"name": "door", "polygon": SQUARE, "events": []}]}, "zones.0.name"),
        (line(output="a.jsonl"), "output"),
    ],
)
def test_what_cannot_be_meant_names_its_key(tree: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError, match=r"^a\.json: ") as error:
        config_of(tree)
    assert f"{key}: " in str(error.value)


def test_an_ordinary_configuration_is_none() -> None:
    plain = {"lines": [{"name": "a", "points": [[0, 0], [1, 1]]}], "zones": None}
    assert not is_spatial_analysis(plain)
    assert not is_spatial_analysis({"lines": 3, "zones": ["a"]})


def test_json_may_be_indented_by_tabs_and_begin_with_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    text = json.dumps(line(event("linecrossing", threshold=0.02)), indent="\t")
    path.write_text("\ufeff" + text.replace("0.02", "2e-2"), encoding="utf-8")
    assert config_of(read_tree(path))[0].lines[0].hysteresis == pytest.approx(0.0888, abs=1e-3)
    path.write_text("{'zones'")
    with pytest.raises(ConfigError, match="is not JSON"):
        read_tree(path)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["count", "linecrossing", "zonecrossing", "event", "center", 0.5, 1]),
    lambda inner: st.lists(inner, max_size=5)
    | st.dictionaries(
        st.sampled_from(
            ["name", "line", "start", "end", "x", "y", "polygon", "events", "type", "config",
             "threshold", "focus", "trigger", "output_frequency", "minimum_distance_threshold"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip
KINDS = ["count", "zonecrossing", "zonedwelltime", "persondistance", "linecrossing"]
EVENTS = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(KINDS)},
        optional={
            "config": st.fixed_dictionaries(
                {},
                optional={
                    "threshold": st.floats() | st.integers() | ANY,
                    "focus": st.sampled_from(["center", "footprint"]) | ANY,
                    "trigger": st.sampled_from(["event", "interval"]) | ANY,
                    "output_frequency": st.integers(-1, 3) | ANY,
                    "minimum_distance_threshold": st.floats() | ANY,
                },
            )
        },
    )
    | ANY,
    max_size=4,
)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["a", "b"]) | ANY, "events": EVENTS},
        optional={"polygon": st.just(SQUARE) | ANY, "line": ANY},
    )
    | ANY,
    max_size=3,
)


@given(st.fixed_dictionaries({}, optional={"lines": ITEMS, "zones": ITEMS, "ground": ANY}) | ANY)
def test_whatever_json_is_a_tree_or_a_sentence(tree: Any) -> None:
    if not isinstance(tree, dict) or not is_spatial_analysis(tree):
        return
    said: list[str] = []
    try:
        mine, said = translated(tree, "a.json")
        parse_config({"source": "shop.mp4", **mine}, "a.json")
    except ConfigError as refusal:
        said.append(str(refusal))
    assert all(sentence.startswith("a.json: ") for sentence in said)
