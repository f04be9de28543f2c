import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from sightline.cli import app
from sightline.errors import ConfigError, SightlineError
from sightline.twin.config import parse_config, read_tree

MOT = "--size", "1000x500"


def run(*arguments: str, **more: Any) -> Any:
    result = CliRunner().invoke(app, ["audit", *arguments], **more)
    if isinstance(result.exception, SightlineError):
        raise result.exception
    assert result.exception is None, result.output
    return result


@pytest.fixture
def walks(tmp_path: Path) -> str:
    """Ten people walk from left to right, one every two seconds, each for three seconds."""
    path = tmp_path / "tracks.txt"
    rows = [
        f"{60 * number + frame},{number + 1},{frame * 10},200,20,100,1,1,-1,-1"
        for number in range(10)
        for frame in range(1, 92)
    ]
    path.write_text("\n".join(sorted(rows, key=lambda row: int(row.split(",")[0]))))
    return str(path)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "camera.yaml"
    path.write_text("lines:\n- {name: door, points: [[0.5, 1], [0.5, 0]]}\n")
    return path


def test_what_a_person_counted_becomes_a_key_of_the_camera(walks: str, config: Path) -> None:
    result = run(walks, *MOT, "--config", str(config), "--counted", "door.in=12")
    (line,) = yaml.safe_load(result.stdout)["lines"]
    assert line["points"] == [[0.5, 1], [0.5, 0]]
    (audit,) = line["audits"]
    assert (audit["of"], audit["counted"]) == ("in", 12)
    assert audit["expected"] == pytest.approx(10, abs=0.5)
    assert "door.in" in result.stderr
    assert "audits" not in config.read_text()


def test_audits_are_added_to_those_of_before(walks: str, config: Path) -> None:
    for count in (12, 11):
        run(walks, *MOT, "--config", str(config), "--counted", f"door.in={count}", "--write")
    tree = read_tree(config)
    assert [audit["counted"] for audit in tree["lines"][0]["audits"]] == [12, 11]
    # What was expected does not hang on the audits of before.
    assert len({audit["expected"] for audit in tree["lines"][0]["audits"]}) == 1
    camera = parse_config({**tree, "source": walks}, "test")
    assert len(camera.lines[0].audits_of("in")) == 2


def test_a_part_of_the_recording_is_enough(walks: str, config: Path) -> None:
    part = "--begin", "4s", "--length", "6s"
    result = run(walks, *MOT, "--config", str(config), *part, "--counted", "door.in=3")
    (audit,) = yaml.safe_load(result.stdout)["lines"][0]["audits"]
    assert audit["expected"] == pytest.approx(3, abs=0.6)


def test_the_replay_is_a_video_of_boxes(walks: str, tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    path = tmp_path / "replay.mp4"
    line = "--line", "door:0.5,1,0.5,0"
    result = run(walks, *MOT, *line, "--length", "2s", "--video", str(path))
    assert "door.in, door.out" in result.stderr
    with av.open(str(path)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 60


def test_who_sits_at_a_terminal_is_asked(
    walks: str, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["sightline.cli.audit"], "_at_a_terminal", lambda: True)
    run(walks, *MOT, "--config", str(config), "--write", input="9\n\n")
    (audit,) = read_tree(config)["lines"][0]["audits"]
    assert (audit["of"], audit["counted"]) == ("in", 9)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--counted", "gate.in=3"), "there is no 'gate.in'; give door.in, door.out"),
        (("--counted", "door.in=few"), "after = comes how many"),
        (("--write",), "name it with --config"),
    ],
)
def test_what_cannot_be_meant_is_refused(walks: str, more: tuple[str, ...], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        run(walks, *MOT, "--line", "door:0.5,1,0.5,0", *more)


def test_without_lines_or_zones_there_is_nothing_to_count(walks: str) -> None:
    with pytest.raises(ConfigError, match="nothing to count"):
        run(walks, *MOT, "--counted", "door.in=3")
