import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sightline.cli import app
from sightline.errors import ConfigError, InputError, SightlineError

MOT = "--format", "mot", "--size", "1000x500"
DOOR = "--line", "door:0.5,1,0.5,0"


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(app, ["analyze", *arguments])
    if isinstance(result.exception, SightlineError):
        raise result.exception
    assert result.exception is None, result.output
    return result


@pytest.fixture
def walk(tmp_path: Path) -> str:
    """Person 7 walks from left to right in 3 seconds; 8 stands on the left."""
    path = tmp_path / "tracks.txt"
    rows = [
        row
        for frame in range(1, 92)
        for row in (
            f"{frame},7,{frame * 10 - 10},200,20,100,1,1,-1,-1",
            f"{frame},8,100,300,20,100,1,1,-1,-1",
        )
    ]
    path.write_text("\n".join(rows))
    return str(path)


def test_counts_go_to_the_summary_and_events_to_their_file(walk: str, tmp_path: Path) -> None:
    out, log = tmp_path / "sum.json", tmp_path / "events.jsonl"
    result = run(
        walk, *MOT, *DOOR, "--zone", "left:0,0,0.4,0,0.4,1,0,1",
        "--summary", str(out), "--events", str(log),
    )  # fmt: skip
    assert "door" in result.stderr
    summary = json.loads(out.read_bytes())
    assert summary["frames"] == 91
    assert summary["tracks"] == {"person": 2}
    assert summary["lines"] == {"door": {"in": 1, "out": 0}}
    assert summary["zones"]["left"]["exits"] == 1
    assert summary["zones"]["left"]["peak"] == 2
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [e["kind"] for e in events if e["name"] == "door"] == ["line.crossed"]


def test_standard_output_holds_nothing_but_the_summary(walk: str) -> None:
    result = run(walk, *MOT, *DOOR, "--summary", "-", "--quiet")
    assert json.loads(result.stdout)["lines"]["door"]["in"] == 1
    assert result.stderr == ""


def test_lines_come_from_camera_yaml_too(walk: str, tmp_path: Path) -> None:
    config = tmp_path / "camera.yaml"
    config.write_text("source: shop.mp4\nlines:\n- {name: mid, points: [[0.5, 1], [0.5, 0]]}\n")
    result = run(walk, *MOT, *DOOR, "--config", str(config), "--summary", "-")
    assert json.loads(result.stdout)["lines"].keys() == {"mid", "door"}


def test_an_own_recording_needs_no_size(walk: str, tmp_path: Path) -> None:
    own = tmp_path / "tracks.jsonl"
    converted = CliRunner().invoke(
        app, ["metadata", "convert", walk, str(own), "--size", "1000x500"]
    )
    assert converted.exception is None
    mot = json.loads(run(walk, *MOT, *DOOR, "--summary", "-", "-q").stdout)
    jsonl = json.loads(run(str(own), *DOOR, "--summary", "-", "-q").stdout)
    assert (mot["lines"], mot["tracks"]) == (jsonl["lines"], jsonl["tracks"])


def test_ground_truth_is_believed(tmp_path: Path) -> None:
    """Nine columns are ground truth: each change of side counts, as its definition has it."""
    rows = [f"{frame},1,{490 + 2 * (frame % 2) - 11},200,20,100,1,1,1.0" for frame in range(1, 9)]
    trembling = [row.replace(",479,", ",491,") for row in rows]
    path = tmp_path / "truth.txt"
    path.write_text("\n".join(trembling))
    counts = [
        json.loads(run(str(path), *MOT, *DOOR, *more, "--summary", "-", "-q").stdout)["lines"]
        for more in ((), ("--exact",), ("--no-exact",))
    ]
    assert counts[0] == counts[1] == {"door": {"in": 4, "out": 3}}
    assert counts[2] == {"door": {"in": 1, "out": 0}}


def test_detections_without_identity_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "det.txt"
    path.write_text("1,-1,10,10,20,20,0.9,-1,-1,-1\n")
    with pytest.raises(InputError, match="sightline track"):
        run(str(path), *MOT, *DOOR)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "mot", *DOOR), "--size WxH"),
        ((*MOT, "--line", "door:0.5,1,0.5,1"), "it has no length"),
        ((*MOT, *DOOR, *DOOR), "share the name 'door'"),
        ((*MOT, *DOOR, "--classes", "persn"), "there is no class 'persn' here, but person"),
        ((*MOT, *DOOR, "--summary", "/nowhere/sum.json"), "cannot write"),
    ],
)
def test_mistakes_are_one_sentence(walk: str, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        run(walk, *arguments)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InputError, match=r"none\.txt"):
        run("none.txt", *MOT, *DOOR)
