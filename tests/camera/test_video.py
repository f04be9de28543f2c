import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from sightline.camera.privacy import Privacy, Published
from sightline.camera.video import VideoWriter, check_video_path
from sightline.errors import ConfigError, OutputError
from sightline.picture.rgb import RgbPicture
from sightline.results import Detections
from sightline.twin.privacy import PrivacyConfig

SUFFIXES = [".mp4", ".mov", ".mkv", ".webm"]
KILLED = """
import sys, time
sys.path.insert(0, sys.argv[2])
from test_video import VideoWriter, shown

writer = VideoWriter(sys.argv[1], 25, (160, 120))
for i in range(150):
    writer.write(shown(i), i * 40_000_000)
print("ready", flush=True)
time.sleep(60)
"""
FILLS_UP = """
import resource, signal, sys
sys.path.insert(0, sys.argv[2])
from test_video import OutputError, VideoWriter, shown

# As a disk that is full after so many bytes.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
writer = VideoWriter(sys.argv[1], 25, (320, 240))
try:
    for i in range(1000):
        writer.write(shown(i, 320, 240, noise=True), i * 40_000_000)
except OutputError as error:
    print(error)
writer.close()
"""


def shown(i: int, width: int = 160, height: int = 120, noise: bool = False) -> Published:
    """A grey picture with a white bar that moves, or coarse noise that is costly to encode."""
    rgb = np.full((height, width, 3), 80, np.uint8)
    if noise:
        cells = np.random.default_rng(i).integers(0, 255, (height // 8, width // 8, 1), np.uint8)
        rgb[:] = cells.repeat(8, 0).repeat(8, 1)
    else:
        rgb[:, i % width : i % width + 4] = 250
    privacy = Privacy(PrivacyConfig(policy="full"), ())
    return privacy.publish(RgbPicture(rgb), Detections.empty(), (width, height))


def times(path: Path) -> list[float]:
    """Capture times of the pictures that a player shows."""
    with av.open(str(path)) as container:
        return [float(frame.time or 0) for frame in container.decode(video=0)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_pictures_keep_their_times(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    began = 1_790_000_000_000_000_000
    at_ms = [0, 40, 47, 200, 1000, 1040, 5000]
    with VideoWriter(path, 25, (160, 120)) as writer:
        for i, ms in enumerate(at_ms):
            writer.write(shown(i), began + ms * 1_000_000)
    assert times(path) == pytest.approx([ms / 1000 for ms in at_ms], abs=0.002)


def test_time_that_stands_still_or_goes_back_does_not_stop_the_video(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, 25, (160, 120)) as writer:
        for i, ms in enumerate([0, 40, 40, 20, 80]):
            writer.write(shown(i), ms * 1_000_000)
    found = times(path)
    assert len(found) == 5
    assert found == sorted(found)
    assert found[-1] == pytest.approx(0.08, abs=0.001)


@pytest.mark.parametrize("size", [(161, 121), (160, 121), (161, 120)])
def test_odd_sizes_are_made_even(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, 0, size) as writer:
        writer.write(shown(0, *size), 0)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (size[0] + size[0] % 2, size[1] + size[1] % 2)


def test_a_picture_of_another_size_is_fitted_in(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, 25, (160, 120)) as writer:
        writer.write(shown(0, 160, 120), 0)
        writer.write(shown(0, 320, 120), 40_000_000)
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert frames[1].shape == (120, 160, 3)
    assert frames[1][10, 80].max() < 20  # a bar above
    assert abs(int(frames[1][60, 80, 0]) - 80) < 12


def test_colours_are_those_of_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    rgb = np.zeros((720, 1280, 3), np.uint8)
    rgb[:] = (200, 60, 30)
    privacy = Privacy(PrivacyConfig(policy="full"), ())
    with VideoWriter(path, 25, (1280, 720)) as writer:
        writer.write(privacy.publish(RgbPicture(rgb), Detections.empty(), (1280, 720)), 0)
    with av.open(str(path)) as container:
        (frame,) = container.decode(video=0)
        # A player that is not told takes HD for BT.709, which shifts reds and greens.
        assert (int(frame.colorspace), int(frame.color_range)) == (6, 1)
    middle = frame.to_ndarray(format="rgb24")[360, 640].astype(int)
    assert np.abs(middle - (200, 60, 30)).max() < 6


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_killed_run_leaves_a_video_that_plays(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    command = [sys.executable, "-c", KILLED, str(path), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert len(times(path)) >= 75  # of 150; the encoder still held a second or two


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_disk_that_fills_up_leaves_a_video_that_plays(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    command = [sys.executable, "-c", FILLS_UP, str(path), str(Path(__file__).parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert f"cannot go on writing the video {path}: file too large; its first " in done.stdout
    whole = float(done.stdout.split("first ")[1].split(" s")[0])
    assert whole >= 1
    assert times(path)[-1] >= whole - 0.1


def test_a_closed_mp4_is_a_plain_one(tmp_path: Path) -> None:
    """Editors and old players look for one index, not for fragments."""
    path = tmp_path / "out.mp4"
    with VideoWriter(path, 25, (160, 120)) as writer:
        for i in range(60):
            writer.write(shown(i), i * 40_000_000)
        writer.close()
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.frames == 60
        assert stream.average_rate == Fraction(25)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing/out.mp4", "cannot write a video to .*: no such file or directory"),
        ("file/out.mp4", "not a directory"),
        ("out.xyz", r"end it with one of \.mp4, \.mov, \.mkv, \.webm"),
        ("out", "does not say which kind of video"),
    ],
)
def test_a_place_that_cannot_be_written_is_a_mistake(
    tmp_path: Path, path: str, reason: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=reason):
        VideoWriter(tmp_path / path, 25, (160, 120))
    with pytest.raises(ConfigError, match=reason):
        check_video_path(tmp_path / path)


def test_a_full_device_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "full.mkv").symlink_to("/dev/full")
    writer = VideoWriter(tmp_path / "full.mkv", 25, (160, 120))

    def run() -> None:
        for i in range(400):
            writer.write(shown(i), i * 40_000_000)

    with pytest.raises(OutputError, match="no space left on device"):
        run()
    writer.close()


def test_a_video_without_pictures_is_no_fault(tmp_path: Path) -> None:
    VideoWriter(tmp_path / "out.mp4", 25, (160, 120)).close()
