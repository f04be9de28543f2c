import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sightline.cli import app
from sightline.errors import ConfigError, InputError

SMALL = "seconds=45&fps=5&size=96x64&seed=3"


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["evaluate-analytics", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def rows(table: str) -> dict[str, list[str]]:
    """The cells of a Markdown table after the first two, by those."""
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in table.splitlines()]
    return {" ".join(row[:2]): row[2:] for row in cells if len(row) > 3}


def test_a_scene_is_run_and_scored_by_one_command() -> None:
    scores = rows(run(f"scene:factory?{SMALL}", "--markdown"))
    found, true, precision, recall = scores["hazard.person_in_zone loading"][:4]
    assert int(true) >= 1
    assert found == true
    assert precision == recall == "1.000"


def test_a_recording_is_scored_by_the_truth_in_it_and_the_questions_of_its_scene(
    tmp_path: Path,
) -> None:
    recording = tmp_path / "seen.jsonl"
    uri = f"scene:queue?{SMALL}"
    CliRunner().invoke(app, ["run", uri, "--model", "truth", "--metadata", str(recording), "-q"])
    live, replayed = rows(run(uri, "--markdown")), rows(run(recording, "--markdown"))
    assert live == replayed
    assert live["queue.left queue"][2] == "1.000"


def test_tracks_are_scored_by_ground_truth(tmp_path: Path) -> None:
    truth, tracks = tmp_path / "gt.txt", tmp_path / "tracks.txt"
    steps = [(frame, 10 + 10 * frame) for frame in range(1, 8)]
    truth.write_text("".join(f"{f},1,{x},40,20,50,1,1,1\n" for f, x in steps))
    tracks.write_text("".join(f"{f},5,{x + 1},41,20,50,0.9,-1,-1,-1\n" for f, x in steps))
    line = ["--size", "100x100", "--fps", 5, "--line", "mid:0.55,1,0.55,0", "--markdown"]
    scores = rows(run(tracks, "--truth", truth, *line))
    assert scores["line.crossed mid"][:4] == ["1", "1", "1.000", "1.000"]


def test_counts_by_hand_are_enough(tmp_path: Path) -> None:
    counts, tracks = tmp_path / "hand.json", tmp_path / "tracks.txt"
    tracks.write_text("".join(f"{f},5,{10 * f},40,20,50,0.9,-1,-1,-1\n" for f in range(1, 8)))
    counts.write_text(json.dumps({"lines": {"mid": {"in": 2}}}))
    line = ["--size", "100x100", "--fps", 5, "--line", "mid:0.55,1,0.55,0"]
    assert "50.0%" in run(tracks, "--truth", counts, *line)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["scene:garage"], ConfigError, "choose one of"),
        (["scene:", "--truth", "x.json"], ConfigError, "knows the truth itself"),
        (["scene:queue?seconds=1", "--model", "truth?miss=2"], ConfigError, "miss"),
        (["scene:queue?seconds=1", "--model", "truth?nothing=2"], ConfigError, "hidden, miss"),
        (["/nowhere.txt", "--truth", "/nowhere.json", "--size", "9x9"], InputError, "/nowhere"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        run(*arguments)
