"""Recordings: every picture, at its own time, whatever the file is like."""

import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from sightline.errors import InputError, SightlineError
from sightline.picture import Frame
from sightline.source import SourceConfig, open_source
from sightline.wire.messages import Event

Read = Callable[..., tuple[list[Frame], list[Event]]]
Clip = Callable[..., Path]


def test_every_picture_at_its_own_time(clip: Clip, read: Read) -> None:
    frames, events = read(clip("even.mp4", 50))
    assert [frame.sequence for frame in frames] == list(range(50))
    assert [frame.time_ns for frame in frames] == [number * 40_000_000 for number in range(50)]
    assert all(frame.decode_ns > 0 for frame in frames)
    assert [(event.kind, event.data) for event in events] == [("source.ended", {"pictures": 50})]


def test_what_is_known_of_it(clip: Clip) -> None:
    path = clip("even.mp4", 50)
    with open_source(SourceConfig(uri=str(path))) as source:
        info = source.info
    assert (info.width, info.height, info.fps, info.live, info.frames) == (160, 120, 25, False, 50)


def test_the_pictures_are_those_that_were_put_in(clip: Clip, read: Read) -> None:
    frames, _ = read(clip("even.mp4", 50))
    bright = [frame.picture.rgb()[60].mean(axis=1) > 200 for frame in (frames[0], frames[10])]
    assert [int(np.flatnonzero(row)[0]) for row in bright] == pytest.approx([0, 40], abs=2)


def test_frame_rates_that_vary(clip: Clip, read: Read) -> None:
    stamps = [0, 33, 66, 200, 233, 900, 1000]
    frames, _ = read(clip("vfr.mkv", 7, stamps=stamps))
    assert [frame.time_ns // 1_000_000 for frame in frames] == stamps


def test_a_start_other_than_zero_is_zero(clip: Clip, read: Read) -> None:
    frames, _ = read(clip("late.mkv", 4, stamps=[5000, 5040, 5080, 5200]))
    assert [frame.time_ns // 1_000_000 for frame in frames] == [0, 40, 80, 200]


def test_a_stream_without_stamps(clip: Clip, read: Read) -> None:
    frames, _ = read(clip("bare.h264", 30))
    times = [frame.time_ns for frame in frames]
    assert len(times) == 30
    assert times[0] == 0
    assert times == sorted(set(times))


def test_a_lower_rate_skips_and_counts(clip: Clip) -> None:
    with open_source(SourceConfig(uri=str(clip("even.mp4", 50)), fps=5)) as source:
        frames = [item for item in source.frames() if isinstance(item, Frame)]
    assert [frame.sequence for frame in frames] == list(range(0, 50, 5))
    assert source.counters.skipped == 40


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "libx264"),
        ("a.mkv", "libx265"),
        ("a.avi", "mjpeg"),
        ("a.mov", "mpeg4"),
        ("a.ts", "libx264"),
        ("a.webm", "libvpx"),
        ("a.gif", "gif"),
        ("a.mpg", "mpeg2video"),
    ],
)
def test_kinds_of_files(clip: Clip, read: Read, name: str, codec: str) -> None:
    form = {"mjpeg": "yuvj420p", "gif": "rgb8"}.get(codec, "yuv420p")
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    frames, events = read(clip(name, 20, codec=codec, pix_fmt=form, options=options))
    assert len(frames) == 20
    assert events[-1].data == {"pictures": 20}
    assert frames[0].picture.rgb()[60, 10].min() > 200


def test_a_path_like_a_url(clip: Clip, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    path = clip("front:door.mp4", 5)
    monkeypatch.chdir(path.parent)
    assert len(read(path.name)[0]) == 5
    assert len(read(f"file://{path}")[0]) == 5


def turned(source: Path, target: Path, matrix: tuple[int, ...]) -> Path:
    """Write the display matrix of a sideways camera into the track header of an MP4."""
    data = bytearray(source.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    units = (65536, 65536, 1 << 30) * 3
    data[at : at + 36] = struct.pack(
        ">9i", *(value * unit for value, unit in zip(matrix, units, strict=True))
    )
    target.write_bytes(data)
    return target


@pytest.mark.parametrize(
    ("matrix", "size", "bright"),
    [
        ((0, 1, 0, -1, 0, 0, 0, 0, 1), (120, 160), (slice(2, 20), slice(44, 76))),
        ((-1, 0, 0, 0, -1, 0, 0, 0, 1), (160, 120), (slice(44, 76), slice(140, 158))),
        ((0, -1, 0, 1, 0, 0, 0, 0, 1), (120, 160), (slice(140, 158), slice(44, 76))),
    ],
    ids=["clockwise", "upside down", "counter-clockwise"],
)
def test_a_camera_held_sideways(
    clip: Clip,
    read: Read,
    tmp_path: Path,
    matrix: tuple[int, ...],
    size: tuple[int, int],
    bright: tuple[slice, slice],
) -> None:
    frames, _ = read(turned(clip("even.mp4", 5), tmp_path / "turned.mp4", matrix))
    picture = frames[0].picture
    assert (picture.width, picture.height) == size
    assert picture.rgb()[bright].min() > 200
    assert np.sort(picture.rgb().max(axis=2).ravel())[: size[0]].max() < 200


def test_a_truncated_video_gives_what_it_has(clip: Clip, read: Read, tmp_path: Path) -> None:
    whole = clip("fast.mp4", 50, muxer={"movflags": "faststart"}).read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    frames, events = read(path)
    assert 10 < len(frames) < 50
    assert events[-1].kind == "source.ended"
    assert events[-1].data == {"pictures": len(frames), "truncated": True}


@pytest.mark.parametrize("name", ["cut.ts", "cut.mkv"])
def test_other_truncated_containers(clip: Clip, read: Read, tmp_path: Path, name: str) -> None:
    whole = clip(name, 100).read_bytes()
    path = tmp_path / name
    path.write_bytes(whole[: len(whole) // 2])
    frames, events = read(path)
    assert 10 < len(frames) < 100
    assert events[-1].data["pictures"] == len(frames)


def test_damage_in_the_middle_is_counted_and_gone_over(
    clip: Clip, read: Read, tmp_path: Path
) -> None:
    data = bytearray(clip("harm.avi", 40, codec="mjpeg", pix_fmt="yuvj420p").read_bytes())
    middle = len(data) // 2
    for start in (middle, middle + 9000):
        jpeg = data.index(b"\xff\xd8\xff", start)
        end = data.index(b"00dc", jpeg)
        data[jpeg:end] = bytes(end - jpeg)
    path = tmp_path / "harm.avi"
    path.write_bytes(data)
    with open_source(SourceConfig(uri=str(path))) as source:
        items = list(source.frames())
    frames = [item for item in items if isinstance(item, Frame)]
    kinds = [item.kind for item in items if isinstance(item, Event)]
    assert len(frames) == 38
    assert source.counters.corrupt == 2
    assert kinds == ["source.corrupt", "source.ended"]


def test_a_change_of_size_in_the_middle(clip: Clip, read: Read, tmp_path: Path) -> None:
    small = np.full((96, 128, 3), 90, np.uint8)
    path = tmp_path / "both.h264"
    first, second = clip("one.h264", 10), clip("two.h264", 10, paint=lambda _: small)
    path.write_bytes(first.read_bytes() + second.read_bytes())
    frames, events = read(path)
    assert [frame.picture.width for frame in frames] == [160] * 10 + [128] * 10
    assert (events[0].kind, events[0].data) == ("source.resized", {"width": 128, "height": 96})
    assert events[0].time_ns == frames[10].time_ns


def sound(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 16000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())


def playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nother.ts\n#EXT-X-ENDLIST\n")


def header_only(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        container.start_encoding()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "there is no such file"),
        (lambda path: path.touch(), "is empty"),
        (lambda path: path.write_text("hello " * 500), "is not a video that can be read"),
        (lambda path: path.write_bytes(bytes(50_000)), "is not a video that can be read"),
        (lambda path: path.write_text("ffconcat version 1.0\nfile a.mp4\n"), "is not a video"),
        (playlist, "is not a video"),
        (sound, "holds only sound"),
        (header_only, "video"),
    ],
    ids=["missing", "empty", "text", "zeros", "concat", "playlist", "sound", "header"],
)
def test_one_sentence_for_each_mistake(
    tmp_path: Path, read: Read, make: Callable[[Path], object], sentence: str
) -> None:
    path = tmp_path / "clip.mp4"
    make(path)
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_playlist_makes_libav_open_nothing_else(clip: Clip, read: Read, tmp_path: Path) -> None:
    clip("a.mp4", 5)
    (tmp_path / "a.mp4").write_bytes(clip("a.mp4", 5).read_bytes())
    trap = tmp_path / "trap.mp4"
    trap.write_text("ffconcat version 1.0\nfile a.mp4\n")
    with av.open(str(trap)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 5, "libav alone walks into it"
    with pytest.raises(InputError):
        read(trap)


def test_pictures_too_large_are_refused(
    clip: Clip, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sightline.source.container.MAX_PIXELS", 100 * 100)
    with pytest.raises(InputError, match="too large"):
        read(clip("even.mp4", 50))


def test_any_bytes_are_pictures_or_one_sentence(clip: Clip, read: Read, tmp_path: Path) -> None:
    whole = clip("fast.mp4", 50, muxer={"movflags": "faststart"}).read_bytes()
    random = np.random.default_rng(5)
    path = tmp_path / "fuzz.mp4"
    for _ in range(60):
        data = np.frombuffer(whole, np.uint8).copy()
        places = random.integers(0, len(data), random.integers(1, 60))
        data[places] = random.integers(0, 256, len(places), dtype=np.uint8)
        path.write_bytes(data.tobytes()[: random.integers(100, len(data))])
        with suppress(SightlineError):
            assert read(path)[1][-1].kind == "source.ended"


def test_it_ends_when_another_thread_closes_it(clip: Clip) -> None:
    with open_source(SourceConfig(uri=str(clip("even.mp4", 50)))) as source:
        items = source.frames()
        next(items)
        closer = threading.Thread(target=source.close)
        closer.start()
        closer.join()
        assert list(items) == []


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "count", "fps"),
    [
        ("one-by-one-person-detection.mp4", 1394, 10),
        ("people-detection.gif", 23, 12.5),
        ("street_night.mp4", 431, 30),
    ],
)
def test_real_recordings(data: Path, name: str, count: int, fps: float) -> None:
    with open_source(SourceConfig(uri=str(data / "videos" / name))) as source:
        times = [item.time_ns for item in source.frames() if isinstance(item, Frame)]
    assert len(times) == count
    assert times[-1] / 1e9 == pytest.approx((count - 1) / fps, rel=0.05)
