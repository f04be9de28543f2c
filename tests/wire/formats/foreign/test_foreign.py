"""What other systems wrote is read as it was meant, or refused in a sentence."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.errors import ConfigError, InputError, SightlineError
from sightline.results import Detections
from sightline.wire.formats.copy import copy
from sightline.wire.formats.open import open_reader, open_writer

SIZE = (1000, 500)
S = 10**9


def entity(left: float, track: Any = None) -> dict[str, Any]:
    told = {
        "tag": {"value": "person", "confidence": 0.5},
        "box": {"l": left, "t": 0.2, "w": 0.1, "h": 0.4},
    }
    return {"type": "entity", "entity": told | ({} if track is None else {"trackingId": track})}


def axis(left: float, **more: Any) -> dict[str, Any]:
    box = {"left": left, "top": 0.2, "right": left + 0.1, "bottom": 0.6}
    return {"bounding_box": box, "track_id": "25", "timestamp": "2024-02-14T15:37:20Z"} | more


def deepstream(sensor: str, track: str, left: int, second: int, **more: Any) -> dict[str, Any]:
    box = {"topleftx": left, "toplefty": 100, "bottomrightx": left + 100, "bottomrighty": 300}
    return {
        "@timestamp": f"2018-09-12T17:20:{second:02}.500Z",
        "sensor": {"id": sensor},
        "object": {"id": track, "vehicle": {"confidence": 0.0}, "bbox": box},
        "event": {"type": "moving"},
    } | more


def frigate(kind: str, left: int, **more: Any) -> dict[str, Any]:
    after = {
        "id": "1607123955.475377-mxklsc", "camera": "front", "frame_time": 1607123962.5,
        "label": "person", "score": 0.5, "box": [left, 100, left + 100, 300],
    }  # fmt: skip
    return {"type": kind, "before": None, "after": after | more}


def streamer(left: float, stamp: int) -> dict[str, Any]:
    box = {"x_min": left, "y_min": 0.2, "x_max": left + 0.1, "y_max": 0.6}
    found = {"detection": {"bounding_box": box, "confidence": 0.5, "label": "person"}, "id": 3}
    return {"objects": [found], "timestamp": stamp}


def onvif(left: float, second: int, kind: str = "") -> str:
    told = f'<tt:Class><tt:Type Likelihood="0.5">{kind}</tt:Type></tt:Class>' if kind else ""
    return (
        f'<tt:Frame UtcTime="2008-10-10T12:24:{second}Z"><tt:Transformation>'
        '<tt:Translate x="-1" y="-1"/><tt:Scale x="2" y="2"/></tt:Transformation>'
        '<tt:Object ObjectId="12"><tt:Appearance><tt:Shape>'
        f'<tt:BoundingBox left="{left}" top="0.8" right="{left + 0.1}" bottom="0.4"/>'
        f"</tt:Shape>{told}</tt:Appearance></tt:Object></tt:Frame>"
    )


AITRIOS = {
    "DeviceID": "one",
    "Inferences": [
        {
            "T": "20261126093000250",
            "O": "DAAAAAAABgAKAAQABgAAAAwAAAAAAAYACAAEAAYAAAAEAAAAAgAAADwAAAAEAAAA2P///wAA4DwMAAAA"
            "AAAAAQgAAADM////RwAAAPcAAAAWAAAAEwAAAAwAFAAQAA8ACAAEAAwAAAAAADA9GAAAAAAAAAESAAAADAAU"
            "ABAADAAIAAQADAAAAEoAAAB3AAAACwAAAAQAAAA=",
        }
    ],
}


def lines(*told: Any) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in told)


RECORDINGS: dict[str, bytes] = {
    "azure_lva": lines(
        {"timestamp": 144567314132175, "inferences": [entity(0.1, 25)]},
        {"timestamp": 144567314132175 + 90_000, "inferences": [entity(0.3, 25)]},
    ),
    "axis_scene": lines(
        {"frame": {"timestamp": "2024-02-14T15:37:20Z", "observations": [axis(0.1)]}},
        {
            "frame": {
                "timestamp": "2024-02-14T15:37:21Z",
                "observations": [axis(0.3, **{"class": {"type": "person", "score": 0.5}})],
            }
        },
    ),
    "deepstream": lines(deepstream("a", "25", 100, 1), deepstream("a", "25", 300, 2)),
    "frigate": lines(frigate("new", 100), frigate("update", 300, frame_time=1607123963.5)),
    "dlstreamer": lines(streamer(0.1, S), streamer(0.3, 2 * S)),
    "onvif": f"<tt:VideoAnalytics>{onvif(0.1, 10)}{onvif(0.3, 11)}</tt:VideoAnalytics>".encode(),
    "aitrios": lines(AITRIOS),
}


@pytest.fixture
def rows(tmp_path: Path) -> Callable[..., list[tuple[int, Detections]]]:
    def read(content: bytes, **more: Any) -> list[tuple[int, Detections]]:
        (tmp_path / "recording").write_bytes(content)
        return list(open_reader(tmp_path / "recording", size=SIZE, **more).frames())

    return read


@pytest.mark.parametrize("form", sorted(RECORDINGS.keys() - {"aitrios"}))
def test_a_walk_to_the_right(form: str, rows: Any) -> None:
    (first_ns, first), (second_ns, second) = rows(RECORDINGS[form])
    assert second_ns - first_ns == S
    np.testing.assert_allclose(first.boxes, [[0.1, 0.2, 0.2, 0.6]], atol=1e-6)
    np.testing.assert_allclose(second.boxes, [[0.3, 0.2, 0.4, 0.6]], atol=1e-6)
    assert first.track_ids.tolist() == second.track_ids.tolist()


@pytest.mark.parametrize("form", sorted(RECORDINGS))
def test_recognised_by_content_and_written_as_ours(form: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(RECORDINGS[form])
    named = open_reader(tmp_path / "a", form, size=SIZE)
    writer = open_writer(tmp_path / "b.slp")
    assert copy(open_reader(tmp_path / "a", size=SIZE), writer) == len(list(named.frames()))
    writer.close()
    ours = list(open_reader(tmp_path / "b.slp").frames())
    theirs = list(open_reader(tmp_path / "a", size=SIZE).frames())
    for (one_ns, one), (other_ns, other) in zip(ours, theirs, strict=True):
        assert one_ns == other_ns
        np.testing.assert_allclose(one.boxes, other.boxes, atol=1e-4)
        if other.track_ids is not None:
            np.testing.assert_array_equal(one.track_ids, other.track_ids)


def test_aitrios_boxes_are_pixels_of_the_input(rows: Any) -> None:
    ((time_ns, seen),) = rows(RECORDINGS["aitrios"])
    assert time_ns == 1795685400 * S + 250_000_000
    assert seen.track_ids is None
    np.testing.assert_allclose(
        seen.boxes * [1000, 500, 1000, 500], [[4, 11, 119, 74], [19, 22, 247, 71]], atol=1e-3
    )
    np.testing.assert_allclose(seen.scores, [0.04296875, 0.02734375])


def test_a_class_that_was_told_is_kept(rows: Any) -> None:
    seen = rows(
        onvif(0.1, 10).encode() + onvif(0.2, 11, "Human").encode() + onvif(0.3, 12).encode()
    )
    assert [one.labels.tolist() for _, one in seen] == [[0], [1], [1]]


def test_onvif_documents_one_after_the_other(rows: Any) -> None:
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n'
    seen = rows((declared + onvif(0.1, 10) + "\n" + declared + onvif(0.3, 11)).encode())
    assert len(seen) == 2


def test_records_of_one_instant_are_one_picture(rows: Any) -> None:
    told = [
        deepstream("a", "1", 100, 1),
        deepstream("a", "2", 300, 1),
        deepstream("a", "1", 200, 1),
    ]
    ((_, seen),) = rows(lines(*told))
    assert dict(zip(seen.track_ids.tolist(), seen.boxes[:, 0].tolist(), strict=True)) == {
        1: pytest.approx(0.2), 2: pytest.approx(0.3),
    }  # fmt: skip


def test_deepstream_minimal_messages(rows: Any) -> None:
    told = {
        "@timestamp": "2018-09-12T17:20:38.026Z", "sensorId": "a",
        "objects": ["3|100|100|200|300|Person|#|x", f"{2**64 - 1}|300|100|400|300|Bag"],
    }  # fmt: skip
    ((_, seen),) = rows(lines(told))
    assert seen.track_ids is None
    np.testing.assert_allclose(seen.boxes[1], [0.3, 0.2, 0.4, 0.6], atol=1e-6)


def test_several_cameras_are_told_apart(rows: Any) -> None:
    told = lines(
        deepstream("a", "1", 100, 1), deepstream("a", "1", 100, 2), deepstream("b", "1", 300, 2),
        deepstream("a", "1", 200, 3),
    )  # fmt: skip
    with pytest.raises(InputError, match=r"several cameras, 'a' and 'b' among them.*--camera"):
        rows(told)
    assert len(rows(told, camera="a")) == 3
    assert len(rows(told, camera="b")) == 1
    with pytest.raises(InputError, match="no pictures of camera 'c'"):
        rows(told, camera="c")


def test_what_says_nothing_of_a_place_is_passed_over(rows: Any) -> None:
    empty = deepstream("a", "9", 0, 1, event={"type": "empty"})
    assert len(rows(lines(empty, deepstream("a", "1", 100, 2)))) == 1
    told = [frigate("new", 100), frigate("update", 200, false_positive=True, frame_time=2.0),
            {"type": "description", "id": "x"}, frigate("end", 300, frame_time=3.0)]  # fmt: skip
    assert len(rows(lines(*told))) == 1


def test_identities_that_are_no_numbers_do_not_meet_those_that_are(rows: Any) -> None:
    ((_, seen),) = rows(
        lines({"inferences": [entity(0.1, "1"), entity(0.2, "a"), entity(0.3, "01")]})
    )
    assert seen.track_ids.tolist() == [1, 2**32, 2**32 + 1]


def test_pictures_without_a_time_follow_by_the_rate(rows: Any) -> None:
    seen = rows(lines(*[{"inferences": [entity(0.1)]}] * 3), fps=5.0)
    assert [time_ns for time_ns, _ in seen] == [0, S // 5, 2 * S // 5]


@pytest.mark.parametrize("step", [-3600, 0, 86400])
def test_time_that_jumps_is_passed_on(rows: Any, step: int) -> None:
    start = 5000 * S
    told = [streamer(0.1, start), streamer(0.2, start + step * S + 1), streamer(0.3, start + S)]
    assert [time_ns for time_ns, _ in rows(lines(*told))] == [
        start,
        start + step * S + 1,
        start + S,
    ]


def test_one_document_over_many_lines_and_a_list_of_them(rows: Any) -> None:
    told = [{"inferences": [entity(0.1)]}, {"inferences": [entity(0.2)]}]
    assert len(rows(json.dumps(told, indent=1).encode())) == 2
    assert len(rows("\n".join(json.dumps(one, indent=1) for one in told).encode())) == 2


def test_a_last_line_that_was_cut_off_is_left_out(rows: Any) -> None:
    assert len(rows(RECORDINGS["dlstreamer"][:-20])) == 1


@pytest.mark.parametrize("form", ["deepstream", "frigate", "aitrios"])
def test_pixels_need_a_size(form: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(RECORDINGS[form])
    with pytest.raises(ConfigError, match="give --size WxH"):
        open_reader(tmp_path / "a")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lines({"inferences": [{"type": "entity", "entity": {"tag": {"value": 3}}}]}),
         r"line 1: is no record of azure_lva: .*`\$.inferences\[0\].entity.tag.value`"),
        (lines({"inferences": [entity(1e9)]}), "is not in any picture"),
        (lines({"timestamp": -5, "inferences": []}), "its time lies outside"),
        (lines(deepstream("a", "1", 100, 1) | {"@timestamp": "noon"}), "'noon' is no time"),
        (lines(frigate("new", 100, score=2)), "a score of 2 is not between 0 and 1"),
        (lines(frigate("new", 100, box=[5, 5, 1, 1])), "ends before it begins"),
        (b'{"Inferences": [{"O": "%%%"}]}', "O is no base64"),
        (b'{"Inferences": [{"O": "/////w=="}]}', "its bytes point to 4294967295"),
        (b'{"Inferences": [{"O": "DAAAAA=="}]}', "its bytes point to 12"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "line 1: is no XML"),
        (b"<tt:Frame UtcTime='2020-01-01T00:00:00Z'>", "is no XML: mismatched tag"),
        (b"<tt:Frame></tt:Frame>", "frame 1: is no record of onvif: Frame has no 'UtcTime'"),
        (b"<a>" * 500, "nested too deeply"),
        (b"<a/>", "holds no pictures in the format onvif"),
        (b'{"inferences": ' + b"[" * 5000, "is no JSON"),
        (b'{"inferences": [],\n"\xff": 1}', "is no text in UTF-8"),
        (b'{"inferences": []}\n{"infer\n{}\n', "line 2: is no JSON"),
    ],
)  # fmt: skip
def test_damage_is_a_sentence(rows: Any, content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        rows(content)


@settings(deadline=None, max_examples=400)
@given(
    form=st.sampled_from(sorted(RECORDINGS)),
    seed=st.integers(0, 2**32),
    changes=st.integers(1, 12),
)
def test_any_damage_is_read_or_a_sentence(
    form: str, seed: int, changes: int, tmp_path_factory: Any
) -> None:
    dice = random.Random(seed)
    content = bytearray(RECORDINGS[form])
    for _ in range(changes):
        at = dice.randrange(len(content))
        act = dice.randrange(3)
        if act == 0:
            content[at] = dice.randrange(256)
        elif act == 1:
            del content[at : at + dice.randrange(1, 9)]
        else:
            content[at:at] = dice.choice(
                [b"9", b"-", b'"', b"null", b"1e999", b"{", b"]", b"<", b"\0"]
            )
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(bytes(content))
    try:
        for time_ns, seen in open_reader(path, form, size=SIZE).frames():
            assert time_ns >= 0
            assert np.isfinite(seen.boxes).all()
    except SightlineError:
        return


@settings(deadline=None, max_examples=200)
@given(
    data=st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["inferences", "Inferences", "frame", "observations", "objects", "object", "after",
                 "type", "timestamp", "@timestamp", "box", "bbox", "T", "O", "sensor", "id"]
            ),
            inner,
            max_size=5,
        ),
        max_leaves=12,
    ),
    form=st.sampled_from(sorted(RECORDINGS.keys() - {"onvif"})),
)  # fmt: skip
def test_any_json_is_read_or_a_sentence(data: Any, form: str, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(data))
    try:
        list(open_reader(path, form, size=SIZE).frames())
    except SightlineError:
        return
