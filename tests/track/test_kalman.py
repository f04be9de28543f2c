"""The batched filter against the textbook's matrices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.track import kalman
from sightline.track.state import Tracks

steps = st.lists(
    st.tuples(st.floats(0, 2), st.booleans(), st.lists(st.floats(-3, 3), min_size=4, max_size=4)),
    max_size=12,
)


def begun(box: list[float], count: int = 1) -> Tracks:
    tracks = Tracks()
    new = tracks.add(count)
    tracks.observed[:, new] = np.array(box)[:, None]
    kalman.begin(tracks, new)
    return tracks


@given(steps)
def test_equals_a_dense_filter(steps: list[tuple[float, bool, list[float]]]) -> None:
    start = [0.5, 0.5, 0.1, 0.3]
    tracks = begun(start)
    x = np.array([*start, 0, 0, 0, 0])
    p = np.diag([kalman.NOISE**2] * 4 + [kalman.SPEED**2] * 4)
    h = np.eye(4, 8)
    for elapsed, seen, box in steps:
        f = np.eye(8) + np.eye(8, k=4) * elapsed
        q = np.kron(
            [[elapsed**3 / 3, elapsed**2 / 2], [elapsed**2 / 2, elapsed]],
            np.eye(4) * kalman.ACCELERATION**2,
        )
        x, p = f @ x, f @ p @ f.T + q
        kalman.predict(tracks, elapsed)
        if seen:
            gain = p @ h.T @ np.linalg.inv(h @ p @ h.T + np.eye(4) * kalman.NOISE**2)
            x, p = x + gain @ (box - h @ x), (np.eye(8) - gain @ h) @ p
        tracks.observed[:, 0] = box
        kalman.update(tracks, np.array([seen]))
        assert tracks.box[:, 0] == pytest.approx(x[:4], abs=1e-6)
        assert tracks.velocity[:, 0] == pytest.approx(x[4:], abs=1e-6)
        mine = tracks.var[0], tracks.cov[0], tracks.var_v[0]
        assert mine == pytest.approx((p[0, 0], p[0, 4], p[4, 4]), abs=1e-6)


def test_steady_motion_is_learnt() -> None:
    tracks = begun([0, 0, 0.1, 0.3])
    for number in range(1, 40):
        kalman.predict(tracks, 0.1)
        tracks.observed[:, 0] = [0.02 * number, 0, 0.1, 0.3]
        kalman.update(tracks, np.array([True]))
    assert tracks.velocity[0, 0] == pytest.approx(0.2, rel=0.02)


def test_tracks_keep_their_columns_when_others_go() -> None:
    tracks = Tracks()
    for number in range(200):
        new = tracks.add(1)
        tracks.id[new] = number
        tracks.box[:, new] = number
    tracks.keep(tracks.id % 2 == 1)
    assert tracks.id.tolist() == list(range(1, 200, 2))
    assert (tracks.box[2] == tracks.id).all()
    new = tracks.add(3)
    assert (tracks.box[:, new] == 0).all(), "a new track inherits nothing"
