import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sightline.cli.metadata import app
from sightline.errors import ConfigError, InputError
from sightline.wire.formats.open import open_reader

GOLDEN = Path(__file__).parents[1] / "golden" / "0.1.0"
run = CliRunner().invoke


def test_a_packed_recording_is_shown_as_json_lines() -> None:
    done = run(app, ["decode", str(GOLDEN / "recording.slp")])
    assert done.exit_code == 0
    types = [json.loads(line)["type"] for line in done.stdout.splitlines()]
    assert types == ["header", "frame", "frame", "frame", "event", "measure"]


def test_it_is_written_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"  # decode gives JSON Lines whatever the name
    assert run(app, ["decode", str(GOLDEN / "recording.slp"), "-o", str(out)]).exit_code == 0
    assert json.loads(out.read_text().splitlines()[0])["camera"] == "shop-entrance"


@pytest.mark.parametrize("suffix", [".jsonl", ".slp", ".txt", ".json"])
def test_every_format_can_be_written(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    done = run(app, ["convert", str(GOLDEN / "recording.jsonl"), str(out)])
    assert done.exit_code == 0
    assert out.stat().st_size > 50


def test_motchallenge_is_read_with_a_size(tmp_path: Path) -> None:
    (tmp_path / "gt.txt").write_text("1,7,10,20,30,40,1,1,1\n3,7,20,20,30,40,1,1,1\n")
    arguments = ["convert", str(tmp_path / "gt.txt"), str(tmp_path / "out.slp")]
    run(app, [*arguments, "--size", "100x100", "--fps", "10"])
    rows = list(open_reader(tmp_path / "out.slp").frames())
    assert [(time_ns, len(seen)) for time_ns, seen in rows] == [
        (0, 1),
        (100_000_000, 0),
        (200_000_000, 1),
    ]


def test_mistakes_are_named(tmp_path: Path) -> None:
    (tmp_path / "gt.txt").write_text("1,7,10,20,30,40,1,1,1\n")
    with pytest.raises(ConfigError, match="--size"):
        run(app, ["decode", str(tmp_path / "gt.txt")], catch_exceptions=False)
    with pytest.raises(InputError, match="no such file"):
        run(app, ["decode", str(tmp_path / "none.slp")], catch_exceptions=False)


def test_a_reader_who_leaves_early_hears_no_complaint() -> None:
    program = (
        "import os, sys; here, there = os.pipe(); os.close(here); os.dup2(there, 1)\n"
        "from sightline.cli.metadata import app\n"
        "app(['decode', sys.argv[1]])\n"
    )
    command = [sys.executable, "-c", program, str(GOLDEN / "recording.slp")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
