"""Identities over time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sightline.results import Detections
from sightline.track.base import TrackConfig
from sightline.track.tracker import Tracker

S = 1_000_000_000


def boxes(*rows: tuple[float, float], size: tuple[float, float] = (0.06, 0.2)) -> np.ndarray:
    """Boxes x1, y1, x2, y2 around centres."""
    centre = np.array(rows, np.float32).reshape(-1, 2)
    half = np.array(size, np.float32) / 2
    return np.concatenate([centre - half, centre + half], axis=1)


def seen(rows: np.ndarray, score: float = 0.9, labels: list[int] | None = None) -> Detections:
    count = len(rows)
    return Detections(
        rows.astype(np.float32),
        np.full(count, score, np.float32),
        np.array(labels or [0] * count, np.int32),
    )


def ids(tracks: Detections) -> list[int]:
    assert tracks.track_ids is not None
    return [int(track_id) for track_id in tracks.track_ids]


def walkers(number: int, fps: float, pace: float = 0.08, count: int = 8) -> np.ndarray:
    """Half of the people walk to the right, half to the left, each on a lane of its own.

    At a pace of 0.08 pictures a second (of 16:9) they make 0.9 of their height.
    """
    lane = np.arange(count)
    speed = np.where(lane % 2, -pace, pace)
    x = np.where(lane % 2, 0.85, 0.15) + speed * number / fps
    return boxes(*zip(x, 0.1 + lane * 0.1, strict=True), size=(0.05, 0.16))


def test_ids_begin_at_one_in_each_tracker() -> None:
    for _ in range(2):
        tracker = Tracker()
        tracker.update(seen(boxes((0.2, 0.5), (0.8, 0.5))), 0)
        assert ids(tracker.update(seen(boxes((0.2, 0.5), (0.8, 0.5))), S // 30)) == [1, 2]


def test_a_track_is_put_out_once_it_is_confirmed() -> None:
    tracker = Tracker(TrackConfig(min_hits=3))
    counts = [len(tracker.update(seen(boxes((0.5, 0.5))), i * S // 30)) for i in range(4)]
    assert counts == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("fps", "pace"), [(60, 0.08), (30, 0.08), (10, 0.08), (5, 0.08), (2, 0.08), (1, 0.05)]
)
def test_people_keep_their_ids_at_any_rate(fps: int, pace: float) -> None:
    tracker, known = Tracker(aspect=16 / 9), set[int]()
    for number in range(6 * fps):
        known |= set(ids(tracker.update(seen(walkers(number, fps, pace)), number * S // fps)))
    assert len(known) == 8


def test_times_between_pictures_may_vary() -> None:
    rng = np.random.default_rng(1)
    tracker, known, now = Tracker(aspect=16 / 9), set[int](), 0.0
    for _ in range(40):
        now += float(rng.choice([0.0, 0.02, 0.1, 0.4]))
        known |= set(ids(tracker.update(seen(walkers(1, 1 / (now + 1e-9))), int(now * S))))
    assert len(known) == 8


def test_a_gap_shorter_than_the_age_is_bridged_and_a_longer_one_is_not() -> None:
    for gap_s, same in ((1.5, True), (2.5, False)):
        tracker = Tracker()
        for i in range(30):
            before = ids(tracker.update(seen(boxes((0.5, 0.5))), i * S // 30))
        for i in range(2):
            after = ids(tracker.update(seen(boxes((0.5, 0.5))), int((1 + gap_s) * S) + i * S // 30))
        assert (before == after) is same


def test_time_that_stands_still_or_steps_back_a_little_keeps_tracks() -> None:
    tracker = Tracker()
    for time_ns in (0, S // 30, S // 30, 0, S // 10):
        tracks = tracker.update(seen(boxes((0.5, 0.5))), time_ns)
    assert ids(tracks) == [1]


def test_time_that_goes_far_back_begins_anew() -> None:
    tracker = Tracker()
    for time_ns in (100 * S, 100 * S + 1, 3 * S, 3 * S + S // 30):
        tracks = tracker.update(seen(boxes((0.5, 0.5))), time_ns)
    assert ids(tracks) == [2]


def test_hidden_people_coast_and_people_in_the_open_do_not() -> None:
    def run(blocker: bool) -> Detections:
        tracker = Tracker(aspect=1)
        other = [(0.52, 0.55)] if blocker else [(0.1, 0.55)]
        for i in range(60):
            tracker.update(seen(boxes((0.5, 0.5), *other)), i * S // 30)
        for i in range(60, 90):
            tracks = tracker.update(seen(boxes(*other)), i * S // 30)
        return tracks

    assert ids(run(blocker=True)) == [1, 2]
    assert ids(run(blocker=False)) == [2]
    assert run(blocker=True).scores.tolist() == pytest.approx([0, 0.9])


@pytest.mark.parametrize(("score", "goes_on"), [(0.9, True), (0.6, False)])
def test_only_who_was_surely_seen_is_carried_on_unseen(score: float, goes_on: bool) -> None:
    tracker = Tracker(TrackConfig(high_score=0.3))
    for i in range(60):
        tracker.update(seen(boxes((0.5, 0.5), (0.52, 0.55)), score), i * S // 30)
    tracks = tracker.update(seen(boxes((0.52, 0.55)), score), 2 * S)
    assert ids(tracks) == ([1, 2] if goes_on else [2])


def test_weak_detections_keep_a_track_but_begin_none() -> None:
    tracker = Tracker(TrackConfig(coast_s=0))
    assert not any(len(tracker.update(seen(boxes((0.5, 0.5)), 0.3), i)) for i in range(5))
    for i in range(2):
        tracker.update(seen(boxes((0.5, 0.5))), S + i * S // 30)
    assert ids(tracker.update(seen(boxes((0.5, 0.5)), 0.3), S + S // 10)) == [1]


@pytest.mark.parametrize("mirrored", [False, True])
def test_what_is_left_of_somebody_who_leaves_the_picture_is_no_new_track(mirrored: bool) -> None:
    # A walk out of the picture as a network sees it, in hundredths: at last only a leg is left.
    walk = [
        *[(50, 1, 74, 93), (52, 2, 77, 95), (53, 3, 79, 94), (54, 4, 83, 95), (56, 3, 88, 94)],
        *[(64, 4, 92, 94), (69, 3, 95, 93), (70, 3, 99, 94), (70, 5, 100, 95), (73, 5, 100, 88)],
        *[(79, 18, 100, 87), (87, 11, 100, 88), (90, 43, 100, 86), (89, 55, 100, 86)],
    ]
    tracker, put_out = Tracker(aspect=16 / 9), set()
    for number, (x1, y1, x2, y2) in enumerate(walk):
        row = (100 - x2, y1, 100 - x1, y2) if mirrored else (x1, y1, x2, y2)
        put_out |= set(ids(tracker.update(seen(np.array([row]) / 100), number * S // 10)))
    assert put_out == {1}


def test_a_class_that_flickers_stays_and_another_class_is_another_track() -> None:
    tracker = Tracker()
    for i, label in enumerate([2, 2, 7, 2, 2]):
        tracks = tracker.update(seen(boxes((0.5, 0.5)), labels=[label]), i * S // 30)
        assert i == 0 or (ids(tracks), tracks.labels.tolist()) == ([1], [2])
    tracker = Tracker()
    for i in range(3):
        both = boxes((0.5, 0.5), (0.51, 0.51))
        tracks = tracker.update(seen(both, labels=[1, 2]), i * S // 30)
    assert sorted(tracks.labels.tolist()) == [1, 2]


@pytest.mark.parametrize("min_hits", [1, 2])
def test_keypoints_and_masks_follow_their_boxes(min_hits: int) -> None:
    tracker = Tracker(TrackConfig(min_hits=min_hits))
    points = np.arange(12, dtype=np.float32).reshape(2, 2, 3) + 1
    found = Detections(
        boxes((0.2, 0.5), (0.8, 0.5)),
        np.ones(2, np.float32),
        np.zeros(2, np.int32),
        keypoints=points,
        masks=np.ones((2, 4, 4), np.bool_),
    )
    first = tracker.update(found, 0)
    assert first.keypoints is not None
    assert first.keypoints.tolist() == (points.tolist() if min_hits == 1 else [])
    tracks = tracker.update(found[[1, 0]], S // 30)
    assert tracks.keypoints is not None
    assert tracks.masks is not None
    assert tracks.keypoints.tolist() == points.tolist()
    assert tracks.masks.shape == (2, 4, 4)


def test_arguments_are_left_as_they_are() -> None:
    found = seen(boxes((0.5, 0.5)))
    copy = found.boxes.copy()
    tracker = Tracker(aspect=2)
    for i in range(3):
        tracker.update(found, i)
    assert (found.boxes == copy).all()


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(8)))
def test_the_order_of_detections_means_nothing(order: list[int]) -> None:
    plain, shuffled = Tracker(), Tracker()
    for number in range(12):
        people = walkers(number, 10)
        a = plain.update(seen(people), number * S // 10)
        b = shuffled.update(seen(people[order] if number else people), number * S // 10)
        assert ids(a) == ids(b)
        assert np.allclose(a.boxes, b.boxes)


def crowd(seed: int) -> list[np.ndarray]:
    """Random walks that meet, with misses."""
    rng = np.random.default_rng(seed)
    # Nobody reaches the edge of the picture, where tracks end otherwise than inside.
    centre, speed = rng.uniform(0.35, 0.65, (10, 2)), rng.uniform(-0.07, 0.07, (10, 2))
    frames = []
    for _ in range(25):
        centre = centre + speed / 10
        noisy = boxes(*(centre + rng.normal(0, 0.002, (10, 2))))
        frames.append(noisy[rng.random(10) > 0.2])
    return frames


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000))
def test_a_mirrored_or_smaller_world_has_the_same_tracks(seed: int) -> None:
    plain, mirrored, smaller = Tracker(aspect=1.5), Tracker(aspect=1.5), Tracker(aspect=1.5)
    for number, people in enumerate(crowd(seed)):
        flipped = people.copy()
        flipped[:, [0, 2]] = 1 - people[:, [2, 0]]
        a = plain.update(seen(people), number * S // 10)
        b = mirrored.update(seen(flipped), number * S // 10)
        c = smaller.update(seen(people * 0.5 + 0.25), number * S // 10)
        assert ids(a) == ids(b) == ids(c)
        assert np.allclose(a.boxes * 0.5 + 0.25, c.boxes, atol=1e-5)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000))
def test_ids_are_unique_in_a_picture_and_runs_are_equal(seed: int) -> None:
    first, second = Tracker(), Tracker()
    for number, people in enumerate(crowd(seed)):
        a = first.update(seen(people), number * S // 10)
        b = second.update(seen(people), number * S // 10)
        assert len(set(ids(a))) == len(a)
        assert min(ids(a), default=1) >= 1
        assert ids(a) == ids(b)
        assert (a.boxes == b.boxes).all()


anything = st.integers(0, 6).flatmap(
    lambda n: st.tuples(
        arrays(np.float32, (n, 4), elements=st.floats(width=32)),
        arrays(np.float32, n, elements=st.floats(width=32)),
        arrays(np.int32, n),
        st.integers(-(10**10), 10**11),
    )
)


@settings(deadline=None)
@given(st.lists(anything, max_size=8))
def test_garbage_never_breaks_it(
    frames: list[tuple[np.ndarray, np.ndarray, np.ndarray, int]],
) -> None:
    tracker = Tracker(aspect=16 / 9)
    for rows, scores, labels, time_ns in frames:
        tracks = tracker.update(Detections(rows, scores, labels), time_ns)
        assert np.isfinite(tracks.boxes).all()
        assert len(set(ids(tracks))) == len(tracks)


def test_hundreds_of_objects_come_and_go() -> None:
    tracker = Tracker()
    grid = [(x / 20 + 0.02, y / 20 + 0.02) for x in range(20) for y in range(20)]
    many = boxes(*grid, size=(0.02, 0.04))
    for i in range(3):
        tracks = tracker.update(seen(many), i * S // 30)
    assert ids(tracks) == list(range(1, 401))
    assert len(tracker.update(seen(many[:5]), 10 * S)) == 0
