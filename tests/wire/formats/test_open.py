from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.errors import ConfigError, InputError
from sightline.results import Detections
from sightline.wire.formats.copy import copy
from sightline.wire.formats.open import open_reader, open_writer
from sightline.wire.messages import Event, Header, Measure


def write(path: Path, header: Header, seen: Callable[..., Detections]) -> None:
    writer = open_writer(path)
    writer.header(header)
    for i in range(40):
        writer.frame(seen(i % 4, i), header.labels, i, i * 40_000_000)
    writer.event(Event("line.crossed", 7))
    writer.measure(Measure("line.count", "door", 0, 9, 1))
    writer.close()


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".slp", ".txt", ".JSONL"])
def test_what_is_written_by_suffix_is_read_by_content(
    tmp_path: Path, header: Header, seen: Callable[..., Detections], suffix: str
) -> None:
    written, nameless = tmp_path / f"out{suffix}", tmp_path / "recording"
    write(written, header, seen)
    written.rename(nameless)
    reader = open_reader(nameless, size=(1280, 720), fps=25)
    rows = list(reader.frames())
    assert rows[-1][0] == 39 * 40_000_000
    assert [len(detections) for _, detections in rows[-4:]] == [0, 1, 2, 3]
    assert reader.header.labels


@pytest.mark.parametrize(("first", "second"), [(".jsonl", ".slp"), (".slp", ".jsonl")])
def test_there_and_back(
    tmp_path: Path, header: Header, seen: Callable[..., Detections], first: str, second: str
) -> None:
    write(tmp_path / f"a{first}", header, seen)
    writer = open_writer(tmp_path / f"b{second}")
    assert copy(open_reader(tmp_path / f"a{first}"), writer) == 40
    writer.close()
    there = list(open_reader(tmp_path / f"a{first}").messages())
    back = list(open_reader(tmp_path / f"b{second}").messages())
    assert len(there) == len(back)
    assert there[0] == back[0]
    assert there[-2:] == back[-2:]


def test_labels_without_a_header_are_announced_when_they_come(tmp_path: Path) -> None:
    item = '"objects":[{"label":"%s","score":1,"box":[0,0,1,1]}]'
    line = '{"type":"frame","camera":"a","sequence":0,"time_ns":0,%s}\n'
    text = "".join(line % (item % label) for label in ("cat", "cow"))
    (tmp_path / "a.jsonl").write_text(text)
    writer = open_writer(tmp_path / "b.slp")
    copy(open_reader(tmp_path / "a.jsonl"), writer)
    writer.close()
    reader = open_reader(tmp_path / "b.slp")
    assert [detections.labels.tolist() for _, detections in reader.frames()] == [[0], [1]]
    assert reader.header.labels == ("cat", "cow")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot read .*: no such file"),
        (b"", "is empty"),
        (b"hello", "none of the metadata formats"),
        (b"\x00\x01\x02", "none of the metadata formats"),
        (b"{oops}\n", "line 1: is not metadata"),
        (b"SLxx", "recording"),
        (
            b'{"events": [{"type": "personCountEvent", "detectionIds": ["a"]}]}',
            "events of Azure's Spatial Analysis, which are answers",
        ),
    ],
)
def test_what_is_no_metadata_is_one_sentence(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "recording"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=reason):
        list(open_reader(path).frames())


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        open_reader(tmp_path)


@pytest.mark.parametrize(
    ("name", "format", "reason"),
    [
        ("out.xyz", None, r"end it with one of \.jsonl"),
        ("out", None, "does not say what to write"),
        ("out.jsonl", "yaml", "no format called 'yaml'; choose one of coco, jsonl, mot, packed"),
    ],
)
def test_a_format_that_nobody_knows_is_one_sentence(
    tmp_path: Path, name: str, format: str | None, reason: str
) -> None:
    with pytest.raises(ConfigError, match=reason):
        open_writer(tmp_path / name, format)
    assert not (tmp_path / name).exists()


def test_an_explicit_format_goes_before_the_suffix(tmp_path: Path, header: Header) -> None:
    writer = open_writer(tmp_path / "out.json", "jsonl")
    writer.header(header)
    writer.close()
    assert open_reader(tmp_path / "out.json").header == header
