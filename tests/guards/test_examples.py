"""Every example runs as its first line says."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
GOLDEN = Path(__file__).parents[1] / "golden" / "0.1.0" / "recording.slp"


def run(name: str, *arguments: object) -> str:
    command = [sys.executable, str(EXAMPLES / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [("count_at_the_door.py", "{'in': 1, 'out': 1}"), ("your_own_rule.py", "close to the camera")],
)
def test_a_camera_example(bright_network: Path, pictures, walk, name: str, words: str) -> None:
    assert words in run(name, pictures(walk), bright_network)


def test_reading_metadata() -> None:
    assert "objects" in run("read_metadata.py", GOLDEN)


def test_every_example_is_run_here() -> None:
    text = Path(__file__).read_text()
    assert all(example.name in text for example in EXAMPLES.glob("*.py"))
