"""Flags and camera.yaml make one configuration; flags go first."""

from pathlib import Path
from typing import Any

import pytest

from sightline.cli.settings import camera_configs
from sightline.errors import ConfigError, InputError

NOTHING: dict[str, Any] = {"output.video": None, "output.preview": None}


def flags(**given: Any) -> dict[str, Any]:
    return NOTHING | {key.replace("__", "."): value for key, value in given.items()}


def test_a_source_alone_is_enough() -> None:
    [camera] = camera_configs(["films/Shop Front.mp4"], None, NOTHING)
    assert camera.source.uri == "films/Shop Front.mp4"
    assert camera.name == "Shop-Front"
    assert camera.privacy.policy == "none"


def test_flags_go_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "camera.yaml"
    path.write_text("name: door\nsource: a.mp4\nmodel: x.onnx\ndetect: {score: 0.7, iou: 0.4}\n")
    [camera] = camera_configs([], path, flags(detect__score=0.2, model__decoder="yolox"))
    assert camera.name == "door"
    assert (camera.detect.score, camera.detect.iou) == (0.2, 0.4)
    assert (camera.model.name, camera.model.decoder) == ("x.onnx", "yolox")


def test_lines_of_both_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "camera.yaml"
    path.write_text("source: a.mp4\nlines: [{name: one, points: [[0, 0], [1, 1]]}]\n")
    [camera] = camera_configs([], path, flags(lines=["two:0.5,0,0.5,1"]))
    assert [line.name for line in camera.lines] == ["one", "two"]


def test_cameras_have_their_own_names_and_files() -> None:
    sources = ["a/shop.mp4", "b/shop.mp4", "rtsp://user:secret@10.0.0.4/stream"]
    given = flags(output__metadata="out/m.jsonl", output__summary="{camera}/sum.json")
    cameras = camera_configs(sources, None, given)
    names = [camera.name for camera in cameras]
    assert len(set(names)) == 3
    assert not any("secret" in name for name in names)
    assert [camera.output.metadata for camera in cameras] == [f"out/m-{n}.jsonl" for n in names]
    assert [camera.output.summary for camera in cameras] == [f"{n}/sum.json" for n in names]


def test_standard_output_is_shared() -> None:
    cameras = camera_configs(["a.mp4", "b.mp4"], None, flags(output__metadata="-"))
    assert [camera.output.metadata for camera in cameras] == ["-", "-"]


@pytest.mark.parametrize(
    ("given", "policy"),
    [
        (flags(output__video="v.mp4"), "full"),
        (flags(output__preview="p.jpg"), "full"),
        (flags(output__video="v.mp4", privacy__policy="redacted"), "redacted"),
        (flags(), "none"),
    ],
)
def test_who_asks_for_pictures_has_them_unless_told_otherwise(
    given: dict[str, Any], policy: str
) -> None:
    [camera] = camera_configs(["a.mp4"], None, given)
    assert camera.privacy.policy == policy


def test_a_file_gets_no_more_than_it_says(tmp_path: Path) -> None:
    path = tmp_path / "camera.yaml"
    path.write_text("source: a.mp4\noutput: {video: v.mp4}\n")
    [camera] = camera_configs([], path, NOTHING)
    assert camera.privacy.policy == "none"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("source: a.mp4\nsorce: b\n", "sorce: there is no such key"),
        ("source: a.mp4\ndetect: {score: high}\n", "detect.score"),
        ("source: a.mp4\ndetect: 7\n", "detect"),
        ("source: a.mp4\nname: ../up\n", "name"),
        ("source: a.mp4\nlines: [{name: l, points: [[0, 0], [0, 0]]}]\n", "no length"),
        ("- a\n- b\n", "holds no keys"),
        ("source: [unclosed\n", "is not YAML"),
        ("detect: {score: 0.5}\n", "nothing to look at"),
        (
            "source: a.mp4\n"
            "zones:\n"
            "- {name: z, polygon: [[0,0],[1,0],[1,1]]}\n"
            "- {name: z, polygon: [[0,0],[1,0],[1,1]]}\n",
            "share the name 'z'",
        ),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "camera.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        camera_configs([], path, NOTHING)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.yaml: cannot be read"):
        camera_configs([], tmp_path / "nowhere.yaml", NOTHING)


def test_a_configuration_of_spatial_analysis_is_taken_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "SPACEANALYTICS_CONFIG.json"
    path.write_text(
        '{"zones": [{"name": "lobby", "polygon": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]], "events": '
        '[{"type": "count", "config": {"output_frequency": 2}}, {"type": "persondistance"}]}]}'
    )
    given = flags(output__metadata="a.jsonl", output__format="spatial-analysis", zones=None)
    [camera] = camera_configs(["a.mp4"], path, given)
    assert camera.zones[0].name == "lobby"
    assert camera.output.spatial_analysis["lobby"]["count"].output_frequency == 2
    assert camera.output.format == "spatial-analysis"
    assert "persondistance is left out" in capsys.readouterr().err
