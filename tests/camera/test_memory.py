"""A camera that keeps its state goes on where it stopped."""

from pathlib import Path

import pytest

from sightline import Camera
from sightline.camera.memory import Memory
from sightline.errors import ConfigError, OutputError
from sightline.wire.messages import Event


def run(state: Path, frames: int, hysteresis: float = 0.1) -> tuple[Camera, list[Event]]:
    zone = {"name": "all", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]], "hysteresis": hysteresis}
    camera = Camera(
        "scene:?seconds=10&seed=3&fps=10",
        "scene",
        zones=[zone],
        lines=[{"name": "door", "points": [[0.5, 1], [0.5, 0]]}],
        output={"state": str(state)},
        max_frames=frames,
    )
    told = [event for readout in camera.run() for event in readout.events]
    return camera, [event for event in told if event.kind != "source.connected"]


def test_counts_go_on(tmp_path: Path) -> None:
    state = tmp_path / "state"
    first, events = run(state, 40)
    assert [e for e in events if e.kind == "camera.resumed"] == []
    before = first.counts()["zones"]["all"]["visits"]
    assert before > 0
    second, events = run(state, 5)
    assert events[0].kind == "camera.resumed"
    assert (events[0].camera, events[0].data) == ("camera", {"anew": []})
    assert second.counts()["zones"]["all"]["visits"] >= before
    _, events = run(state, 5, hysteresis=0.2)
    assert events[0].data == {"anew": ["zones all: changed"]}


def test_a_damaged_file_is_said_and_begun_anew(tmp_path: Path) -> None:
    state = tmp_path / "state"
    run(state, 5)
    data = bytearray(state.read_bytes())
    data[len(data) // 2] ^= 1
    state.write_bytes(data)
    _, events = run(state, 5)
    assert events[0].data["anew"] == ["lines door: is new", "zones all: is new"]
    assert Memory(str(state)).load() not in (None, {})


def test_a_file_keeps_a_state(tmp_path: Path) -> None:
    memory = Memory(str(tmp_path / "state"))
    assert memory.load() is None
    assert not memory.due
    memory.save({"a": [1, 2.5, "x"]})
    assert memory.load() == {"a": [1, 2.5, "x"]}
    assert [file.name for file in tmp_path.iterdir()] == ["state"]


def test_a_place_that_cannot_be_written_is_said_before_the_first_picture(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"output\.state: cannot write"):
        Memory(str(tmp_path / "none" / "state"))
    memory = Memory(str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        memory.save({})
    with pytest.raises(ConfigError, match="cannot be read"):
        memory.load()
