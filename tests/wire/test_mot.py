"""MOTChallenge text, read and written."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import ConfigError, InputError
from sightline.results import Detections
from sightline.wire.formats.mot import MotReader, MotWriter, parse_mot, read_mot
from sightline.wire.formats.open import open_reader, open_writer
from sightline.wire.formats.sink import Sink
from sightline.wire.messages import Header

HEADER = Header("door", "door.mp4", 200, 100, ("person", "car", "dog"))


def found(rows: list[list[float]], labels: list[int] | None = None) -> Detections:
    """Rows x1, y1, x2, y2, score, numbered from track 1."""
    table = np.array(rows, np.float32).reshape(-1, 5)
    return Detections(
        table[:, :4],
        table[:, 4],
        np.array(labels or [0] * len(table), np.int32),
        np.arange(1, len(table) + 1),
    )


def written(frames: list[Detections]) -> bytes:
    stream = io.BytesIO()
    writer = MotWriter(Sink(stream))
    writer.header(HEADER)
    for sequence, detections in enumerate(frames):
        writer.frame(detections, HEADER.labels, sequence, 0)
    return stream.getvalue()


def test_boxes_are_fractions_and_pixels_are_not_shifted() -> None:
    table = parse_mot(b"3,7,20,10,40,50,0.5\n", "a.txt", 200, 100)
    assert table.numbers.tolist() == [3]
    assert np.allclose(table.objects.boxes, [[0.1, 0.1, 0.3, 0.6]])
    assert table.objects.scores.tolist() == [0.5]
    assert table.objects.track_ids is not None
    assert table.objects.track_ids.tolist() == [7]


def test_frames_come_in_order_with_the_empty_ones() -> None:
    table = parse_mot(b"3,-1,0,0,1,1\n1,-1,0,0,2,2\n3,-1,0,0,3,3\n", "a.txt", 1, 1)
    frames = list(table.frames(last=4))
    assert [number for number, _ in frames] == [1, 2, 3, 4]
    assert [len(seen) for _, seen in frames] == [1, 0, 2, 0]
    assert frames[2][1].boxes[:, 2].tolist() == [1, 3], "rows of a frame keep their order"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b" 1 , 2,3, 4,5 ,6,1,-1,-1,-1\r\n", id="spaces and carriage return"),
        pytest.param(b"\n\n1,2,3,4,5,6\n \n", id="blank lines and six columns"),
        pytest.param(b"1,2,3,4,5,6,\n", id="trailing comma"),
        pytest.param(b"1.0,2.0,3.0,4.0,5.0,6.0,1e0\n", id="floats everywhere"),
        pytest.param(b"\xef\xbb\xbf1,2,3,4,5,6\n", id="byte order mark"),
        pytest.param(b"1,2,3,4,5,6,-1\n", id="no score"),
        pytest.param(b"1,2,3,4,5,6", id="no end of line"),
    ],
)
def test_forms_that_mean_the_same(text: bytes) -> None:
    table = parse_mot(text, "a.txt", 10, 10)
    assert np.allclose(table.objects.boxes, [[0.3, 0.4, 0.8, 1.0]])
    assert table.objects.scores.tolist() == [1.0]
    assert table.numbers.tolist() == [1]


def test_lines_of_different_length_are_read() -> None:
    table = parse_mot(b"1,1,0,0,1,1\n2,1,0,0,1,1,0.25,-1,-1,-1\n", "a.txt", 1, 1)
    assert table.objects.scores.tolist() == [1.0, 0.25]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b" \n\n", "is empty", id="blank"),
        pytest.param(b"\xef\xbb\xbf", "is empty", id="only a byte order mark"),
        pytest.param(b"1,1,0,0,1,1\n\n1,1,0,zero,1,1\n", "line 3: 'zero' is no", id="word"),
        pytest.param(b"1,1,0,0,1,1\n1,1,0,0,nan,1\n", "line 2: 'nan'", id="not a number"),
        pytest.param(b"1,1,0,0,1,1\n2,1,0,0\n", "line 2: has 4 columns", id="cut line"),
        pytest.param(b"1 1 0 0 1 1\n", "line 1: has one column", id="no commas"),
        pytest.param(b"1,1,0,0,-1,1\n", "line 1: a box of -1 x 1", id="negative width"),
        pytest.param(b"1.5,1,0,0,1,1\n", "line 1: 1.5 cannot be a frame", id="half a frame"),
        pytest.param(b"-2,1,0,0,1,1\n", "cannot be a frame number", id="negative frame"),
        pytest.param(b"9e9,1,0,0,1,1\n", "cannot be a frame number", id="frame beyond reason"),
        pytest.param(b"1,9e99,0,0,1,1\n", "'9e99' is no number", id="id beyond reason"),
        pytest.param(b"1,1,0,0,1,1,1,9e9,1\n", "class number", id="class beyond reason"),
        pytest.param(b"\x00\x01\x02", "has one column", id="binary"),
    ],
)
def test_what_is_wrong_is_said(text: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as raised:
        parse_mot(text, "bad.txt", 1, 1)
    assert str(raised.value).startswith("bad.txt")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*gone\.txt"):
        read_mot(tmp_path / "gone.txt", 1, 1)


def test_ground_truth_knows_classes_and_what_does_not_count() -> None:
    table = parse_mot(b"1,1,0,0,1,1,1,3,0.5\n1,2,0,0,1,1,0,1,1\n", "gt.txt", 1, 1)
    assert len(table.objects) == 1
    assert table.labels[table.objects.labels[0]] == "car"
    assert table.visibility.tolist() == [0.5]


def test_world_coordinates_are_no_classes() -> None:
    table = parse_mot(b"1,1,88,99,61.08,218.56,1,4.4852,5.5016,0\n", "gt.txt", 1, 1)
    assert table.labels[table.objects.labels[0]] == "person"


def test_scores_of_another_scale_become_fractions() -> None:
    table = parse_mot(b"1,-1,0,0,1,1,50\n1,-1,0,0,1,1,100\n1,-1,0,0,1,1,-3\n", "d", 1, 1)
    assert table.objects.scores.tolist() == [0.5, 1.0, 0.0]


def test_ids_that_count_from_zero_become_positive() -> None:
    table = parse_mot(b"1,0,0,0,1,1\n1,4,0,0,1,1\n", "t", 1, 1)
    assert table.objects.track_ids is not None
    assert table.objects.track_ids.tolist() == [5, 4]


unit = st.floats(0, 1, width=32)
objects = st.tuples(unit, unit, unit, unit, unit, st.integers(0, 2))


@given(st.lists(st.lists(objects, max_size=4), min_size=1, max_size=5))
def test_what_is_written_is_read_back(content: list[list[tuple[float, ...]]]) -> None:
    frames = [
        found([[x, y, x + w, y + h, s] for x, y, w, h, s, _ in rows], [int(r[5]) for r in rows])
        for rows in content
    ]
    data = written(frames)
    if not data:
        return
    table = parse_mot(data, "t", HEADER.width, HEADER.height)
    for (_, again), frame in zip(table.frames(last=len(frames)), frames, strict=True):
        assert again.boxes == pytest.approx(frame.boxes, abs=2e-4)
        assert again.scores == pytest.approx(frame.scores, abs=1e-4)
        assert again.track_ids is not None
        assert again.track_ids.tolist() == list(range(1, len(frame) + 1))
        names = ["class 16" if label == 2 else HEADER.labels[label] for label in frame.labels]
        assert [table.labels[label] for label in again.labels] == names


@given(st.binary(max_size=200) | st.text("0123456789,.-en\n ", max_size=200).map(str.encode))
def test_outside_bytes_give_a_table_or_an_input_error(data: bytes) -> None:
    try:
        table = parse_mot(data, "x", 10, 10)
    except InputError:
        return
    assert np.isfinite(table.objects.boxes).all()
    assert ((table.objects.scores >= 0) & (table.objects.scores <= 1)).all()


def test_untracked_rows_have_no_id() -> None:
    seen = Detections(
        np.array([[0, 0, 0.5, 0.5]], np.float32), np.ones(1, np.float32), np.zeros(1, np.int32)
    )
    assert written([seen]) == b"1,-1,0.00,0.00,100.00,50.00,1.0000,1,-1,-1\n"


def test_as_metadata_by_path(tmp_path: Path) -> None:
    path = tmp_path / "tracks.txt"
    writer = open_writer(path)
    writer.header(HEADER)
    seen = found([[0.1, 0.2, 0.5, 0.5, 1]])
    writer.frame(seen, HEADER.labels, 2, 0)
    writer.close()
    reader = open_reader(path, size=(200, 100), fps=10)
    rows = list(reader.frames())
    assert [time_ns for time_ns, _ in rows] == [0, 100_000_000, 200_000_000]
    assert np.allclose(rows[2][1].boxes, seen.boxes)
    assert reader.header.labels[0] == "person"


def test_a_reader_needs_the_size() -> None:
    with pytest.raises(ConfigError, match="--size"):
        MotReader(io.BytesIO(b"1,1,0,0,1,1"), "t.txt", None, None)
