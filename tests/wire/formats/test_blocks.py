"""Many blocks at once are the same as one after another, damage included."""

from contextlib import suppress

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sightline.results import Detections
from sightline.wire.formats.block import Block, PackedFrame, decode_block, encode_block
from sightline.wire.formats.blocks import decode_blocks


def frame(
    number: int, count: int, tracked: bool = True, label: int = 0, **extras: object
) -> PackedFrame:
    random = np.random.default_rng(number)
    seen = Detections(
        random.uniform(0, 1, (count, 4)).astype(np.float32),
        random.uniform(0, 1, count).astype(np.float32),
        np.full(count, label, np.int32),
        random.integers(1, 1 << 40, count) if tracked else None,
    )
    return PackedFrame(number * 200_000_000, number, seen, extras)


def told(block: Block) -> list[object]:
    return [
        (
            time_ns, sequence, dict(extras), seen.boxes.tolist(), seen.scores.tolist(),
            seen.labels.tolist(), None if seen.track_ids is None else seen.track_ids.tolist(),
        )
        for time_ns, sequence, seen, extras in block.frames()
    ]  # fmt: skip


frames = st.builds(
    frame,
    st.integers(0, 1 << 30),
    st.integers(0, 4),
    st.booleans(),
    st.sampled_from([0, 3, 300, 70_000]),
)
blocks = st.lists(
    st.lists(frames, min_size=1, max_size=5).map(encode_block), min_size=1, max_size=6
)


@given(blocks)
def test_many_are_as_one_after_another(payloads: list[bytes]) -> None:
    assert told(decode_blocks(payloads)) == [
        seen for payload in payloads for seen in told(decode_block(payload))
    ]


def test_extras_stay_with_their_frames() -> None:
    payloads = [
        encode_block([frame(0, 2), frame(1, 3, name="a.jpg")]),
        encode_block([frame(2, 0), frame(3, 1)]),
        encode_block([frame(4, 1, truth=[1]), frame(5, 2, tracked=False)]),
    ]
    found = decode_blocks(payloads)
    assert found.extras == {1: {"name": "a.jpg"}, 4: {"truth": [1]}}
    assert told(found) == [seen for payload in payloads for seen in told(decode_block(payload))]


@given(blocks, st.data())
def test_damage_is_found_as_in_one(payloads: list[bytes], data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(payloads) - 1))
    broken = bytearray(payloads[which])
    if data.draw(st.booleans()):
        del broken[data.draw(st.integers(0, len(broken) - 1)) :]
    else:
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    payloads[which] = bytes(broken)
    one_by_one = found = None
    with suppress(ValueError):
        one_by_one = [decode_block(payload) for payload in payloads]
    with suppress(ValueError):
        found = decode_blocks(payloads)
    assert (found is None) == (one_by_one is None)
    if found is None or one_by_one is None:
        return
    assert found.times.tolist() == [t for one in one_by_one for t in one.times.tolist()]
    assert np.diff(found.offsets).tolist() == [
        n for one in one_by_one for n in np.diff(one.offsets).tolist()
    ]
    assert found.objects.labels.tolist() == [
        n for one in one_by_one for n in one.objects.labels.tolist()
    ]


def test_tracks_are_what_has_an_identity() -> None:
    block = decode_blocks(
        [encode_block([frame(0, 2), frame(1, 3, tracked=False), frame(2, 1, probes={"view": [1]})])]
    )
    film = block.tracks()
    assert np.diff(film.offsets).tolist() == [2, 0, 1]
    assert [len(film.picture(number)) for number in range(3)] == [2, 0, 1]
    assert film.picture(2).probes == {"view": (1.0,)}
    assert film.picture(0).probes is None
