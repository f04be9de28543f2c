"""Tracks given out later are better, and none is lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.results import Detections
from sightline.track.finalise import Finaliser

S = 1_000_000_000
FPS = 20


def tracks(*rows: tuple[int, float, float], score: float = 0.9) -> Detections:
    """Tracks (id, centre x, centre y) of people of one size."""
    at = np.array([row[1:] for row in rows], np.float32).reshape(-1, 2)
    half = np.array([0.03, 0.1], np.float32)
    return Detections(
        np.concatenate([at - half, at + half], axis=1),
        np.full(len(rows), score, np.float32),
        np.zeros(len(rows), np.int32),
        np.array([row[0] for row in rows], np.int64),
    )


def run(frames: list[Detections], delay_s: float = 2.0) -> list[tuple[int, Detections]]:
    finaliser = Finaliser(delay_s)
    done = []
    for number, frame in enumerate(frames):
        done += finaliser.update(frame, number * S // FPS)
    return done + finaliser.flush()


def ids(found: Detections) -> list[int]:
    assert found.track_ids is not None
    return [int(track_id) for track_id in found.track_ids]


def x_of(found: Detections, track_id: int = 1) -> float:
    row = ids(found).index(track_id)
    return float(found.boxes[row, [0, 2]].mean())


def walk(number: int, track_id: int = 1) -> Detections:
    return tracks((track_id, 0.2 + 0.005 * number, 0.5))


def test_a_picture_comes_when_the_delay_is_over() -> None:
    finaliser = Finaliser(1.0)
    for number in range(50):
        done = finaliser.update(walk(number), number * S // FPS)
        assert [time_ns for time_ns, _ in done] == ([(number - 20) * S // FPS] * (number >= 20))
    assert len(finaliser.flush()) == 20
    assert finaliser.flush() == []


def test_gaps_are_filled_by_a_straight_line_and_say_so() -> None:
    done = run([tracks() if 20 <= n < 50 else walk(n) for n in range(80)])
    for number, (_, found) in enumerate(done):
        assert ids(found) == [1]
        assert x_of(found) == pytest.approx(0.2 + 0.005 * number, abs=1e-4)
        assert (found.scores[0] == 0) is np.bool_(20 <= number < 50)


def test_a_guess_is_replaced_by_what_is_learnt() -> None:
    guess = tracks((1, 0.9, 0.5), score=0)
    done = run([guess if 20 <= n < 40 else walk(n) for n in range(60)])
    assert x_of(done[30][1]) == pytest.approx(0.35, abs=1e-3)


def test_a_guess_stays_where_nobody_comes_back() -> None:
    done = run([walk(n) for n in range(20)] + [tracks((1, 0.31, 0.5), score=0)] * 5)
    assert x_of(done[22][1]) == pytest.approx(0.31, abs=1e-4)
    assert done[22][1].scores.tolist() == [0]


def test_chance_tracks_are_left_out() -> None:
    frames = [walk(n) for n in range(40)]
    frames[10] = tracks((1, 0.25, 0.5), (2, 0.8, 0.2))
    assert {track_id for _, found in run(frames) for track_id in ids(found)} == {1}


def test_pieces_of_one_walk_become_one_track() -> None:
    frames = [walk(n) for n in range(30)] + [tracks()] * 20 + [walk(n, 7) for n in range(50, 90)]
    done = run(frames)
    assert {track_id for _, found in done for track_id in ids(found)} == {1}
    assert all(len(found) == 1 for _, found in done), "the gap between the pieces is filled"


@pytest.mark.parametrize(
    ("x", "label"), [pytest.param(0.8, 0, id="elsewhere"), pytest.param(0.45, 1, id="other class")]
)
def test_what_does_not_fit_stays_apart(x: float, label: int) -> None:
    other = tracks((7, x, 0.5))
    other.labels[:] = label
    done = run([walk(n) for n in range(30)] + [tracks()] * 20 + [other] * 40)
    assert {track_id for _, found in done for track_id in ids(found)} == {1, 7}


def test_jitter_is_smoothed_without_lag() -> None:
    rng = np.random.default_rng(0)
    frames = [tracks((1, 0.2 + 0.005 * n + rng.normal(0, 0.004), 0.5)) for n in range(100)]
    before = np.array([x_of(frame) for frame in frames]) - (0.2 + 0.005 * np.arange(100))
    after = np.array([x_of(found) for _, found in run(frames)]) - (0.2 + 0.005 * np.arange(100))
    assert after.std() < before.std() / 2
    assert abs(after.mean() - before.mean()) < 5e-4


present = st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=60)


@settings(deadline=None, max_examples=50)
@given(present, st.sampled_from([0.05, 0.5, 2.0]), st.booleans())
def test_every_picture_and_every_lasting_track_comes_out(
    there: list[list[bool]], delay_s: float, still: bool
) -> None:
    finaliser = Finaliser(delay_s)
    done, times = [], []
    for number, row in enumerate(there):
        people = [(i + 1, 0.1 + 0.25 * i, 0.2 + 0.2 * i) for i in range(4) if row[i]]
        times.append(number // (2 if still else 1) * S // FPS)
        done += finaliser.update(tracks(*people), times[-1])
    done += finaliser.flush()
    assert [time_ns for time_ns, _ in done] == times
    for _, found in done:
        assert len(set(ids(found))) == len(found)
        assert np.isfinite(found.boxes).all()
    counts = np.array(there).reshape(-1, 4).sum(0)
    shown = {track_id for _, found in done for track_id in ids(found)}
    assert shown <= {i + 1 for i in range(4) if counts[i]}
    if delay_s == 2.0 and len(there) <= 30:
        assert shown == {i + 1 for i in range(4) if counts[i] >= 3}


def test_hours_need_no_more_room_than_minutes() -> None:
    finaliser = Finaliser(0.5)
    for number in range(2000):
        finaliser.update(tracks((number // 10 + 1, number * 0.37 % 1, 0.5)), number * S // FPS)
    assert len(finaliser._traces) < 40
    assert len(finaliser._traces.ids) <= 64
