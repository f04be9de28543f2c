"""`sightline track`, and how it takes durations and sizes."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sightline.cli import app
from sightline.cli.durations import parse_duration
from sightline.cli.sequence import describe
from sightline.errors import ConfigError, InputError

INI = "[Sequence]\nframeRate=25\nimWidth=640\nimHeight=480\n"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2s", 2), ("500ms", 0.5), ("1.5", 1.5), (" 2 min ", 120), ("1h", 3600), ("0", 0)],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "two", "-1s", "1 week", "1e3", "nan", "s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ConfigError, match="is no duration"):
        parse_duration(text)


@pytest.fixture
def detections(tmp_path: Path) -> Path:
    path = tmp_path / "det" / "det.txt"
    path.parent.mkdir()
    path.write_text("".join(f"{n},-1,{100 + n},50,40,120,0.9\n" for n in range(1, 41)))
    return path


def test_tracks_come_out(detections: Path, tmp_path: Path) -> None:
    for delay in ("0s", "500ms"):
        out = tmp_path / "out.txt"
        arguments = ["track", str(detections), "--size", "640x480", "--delay", delay]
        ran = CliRunner().invoke(app, [*arguments, "-o", str(out)])
        assert ran.exit_code == 0
        assert "40 frames, 1 tracks" in ran.stderr
        rows = [line.split(",") for line in out.read_text().splitlines()]
        assert {row[1] for row in rows} == {"1"}
        assert [int(row[0]) for row in rows] == list(range(2 if delay == "0s" else 1, 41))
        assert float(rows[-1][2]) == pytest.approx(140, abs=1)


def test_size_and_rate_come_from_seqinfo(detections: Path) -> None:
    with pytest.raises(ConfigError, match="--size"):
        describe(detections, None, None)
    (detections.parent.parent / "seqinfo.ini").write_text(INI)
    found = describe(detections, None, None)
    assert (found.width, found.height, found.fps) == (640, 480, 25)
    given = describe(detections, "100x50", 10)
    assert (given.width, given.height, given.fps) == (100, 50, 10)


@pytest.mark.parametrize("text", ["", "[Sequence]\nimWidth=x\n", "\x00", INI.replace("25", "0")])
def test_a_seqinfo_that_is_none(detections: Path, text: str) -> None:
    (detections.parent / "seqinfo.ini").write_text(text)
    with pytest.raises(InputError, match=r"seqinfo\.ini"):
        describe(detections, None, None)
