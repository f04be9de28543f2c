import json
import os
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from sightline.errors import ConfigError, OutputError
from sightline.wire.formats.sink import Sink

FILLS_UP = """
import resource, signal, sys
from sightline.errors import OutputError
from sightline.wire.formats.open import open_writer
from sightline.wire.messages import Event, Header
from sightline.results import Detections
import numpy as np

# As a disk that is full after 20,000 bytes: the write that crosses the limit is a short one.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
writer = open_writer(sys.argv[1])
writer.header(Header("shop", "shop.mp4", 1280, 720, ("person",)))
boxes = np.tile(np.array([0.1, 0.2, 0.3, 0.4], np.float32), (7, 1))
seen = Detections(boxes, np.ones(7, np.float32), np.zeros(7, np.int32), np.arange(1, 8))
try:
    for i in range(10_000):
        writer.frame(seen, ("person",), i, i * 40_000_000)
except OutputError as error:
    print(error)
    writer.close()
    writer.frame(seen, ("person",), 0, 0)
"""

GOES_ON = """
import sys, time
from sightline.wire.formats.sink import Sink

sink = Sink.open(sys.argv[1])
sink.tail = b"\\n]"
sink.write(b"[1")
for i in range(100):
    sink.write(b", %d" % i)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("suffix", [".jsonl", ".slp", ".json", ".txt"])
def test_a_disk_that_fills_up_leaves_whole_records(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    done = subprocess.run(
        [sys.executable, "-c", FILLS_UP, path], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert f"cannot go on writing to {path}: file too large; " in done.stdout
    assert "are whole and readable" in done.stdout
    data = path.read_bytes()
    assert 15_000 < len(data) <= 20_000
    if suffix == ".json":
        assert len(json.loads(data)) > 100
    elif suffix == ".slp":
        from sightline.wire.formats.record import read_records

        bodies = list(read_records(path.open("rb"), "out"))
        assert sum(len(body) for _, body in bodies) > len(data) - 20 * len(bodies)
    else:
        assert data.endswith(b"\n")


def test_a_killed_run_leaves_the_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    with subprocess.Popen([sys.executable, "-c", GOES_ON, path], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert json.loads(path.read_bytes()) == [1, *range(100)]


def test_the_tail_stands_at_the_end_at_every_moment(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    sink = Sink.open(path)
    sink.tail = b"]"
    for i in range(3):
        sink.write(b"[0" if i == 0 else b",0")
        assert json.loads(path.read_bytes()) == [0] * (i + 1)
    sink.close()
    sink.close()
    assert json.loads(path.read_bytes()) == [0, 0, 0]


def test_a_stream_gets_its_tail_at_the_end() -> None:
    class Kept(BytesIO):
        def close(self) -> None:
            self.kept = self.getvalue()
            super().close()

    stream = Kept()
    sink = Sink(stream, tail=b"]")
    sink.write(b"[0")
    assert stream.getvalue() == b"[0"
    sink.close()
    sink.close()
    assert stream.kept == b"[0]"


def test_a_full_device_is_one_sentence() -> None:
    sink = Sink.open("/dev/full")
    with pytest.raises(OutputError, match="cannot go on writing to /dev/full: no space left"):
        sink.write(b"x")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing/out.jsonl", "no such file or directory"),
        (".", "is a directory"),
        ("file/out.jsonl", "not a directory"),
    ],
)
def test_a_place_that_cannot_be_written_is_a_mistake(
    tmp_path: Path, path: str, reason: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=reason):
        Sink.open(tmp_path / path)


def test_a_reader_who_leaves_is_no_fault_of_ours() -> None:
    here, there = os.pipe()
    os.close(here)
    with os.fdopen(there, "wb", buffering=0) as stream, pytest.raises(BrokenPipeError):
        Sink(stream).write(b"x")


def test_a_pipe_that_takes_little_gets_all() -> None:
    class Small(BytesIO):
        def write(self, data: object) -> int:
            return super().write(bytes(data)[:3])  # type: ignore[call-overload]

    stream = Small()
    Sink(stream).write(b"0123456789")
    assert stream.getvalue() == b"0123456789"
