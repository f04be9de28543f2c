"""A weak detector overlooks who is hidden, for a while at a time, and says how sure it is."""

from typing import Any

import numpy as np
import pytest

from sightline.sensor.weak import Weak


def person(number: int, x: float = 0.2, visible: float = 1.0) -> dict[str, Any]:
    box = [x, 0.2, x + 0.1, 0.6]
    return {"id": number, "label": "person", "box": box, "visible": visible}


def watched(weak: Weak, *visible: float, pictures: int = 600) -> list[list[dict[str, Any]]]:
    crowd = [person(n, 0.15 * n, share) for n, share in enumerate(visible, 1)]
    return [weak.look(crowd, n / 10) for n in range(pictures)]


def found(shown: list[list[dict[str, Any]]], number: int) -> np.ndarray[Any, Any]:
    return np.array([any(one["id"] == number for one in now) for now in shown])


def test_the_less_of_somebody_is_visible_the_less_often_they_are_found() -> None:
    shares = [
        [found(shown, n).mean() for n in (1, 2, 3)]
        for seed in range(8)
        for shown in [watched(Weak(1.0, 0.0, seed), 1.0, 0.3, 0.05)]
    ]
    clear, half, hidden = np.mean(shares, axis=0)
    assert clear > 0.97
    assert clear > half > hidden


def test_scores_say_how_well_somebody_is_seen() -> None:
    shown = watched(Weak(1.0, 0.0, 1), 1.0, 0.5)
    scores = [[one["score"] for now in shown for one in now if one["id"] == n] for n in (1, 2)]
    assert np.mean(scores[0]) > 0.85
    assert np.mean(scores[1]) < 0.75
    assert all(0.1 <= score <= 1 for row in scores for score in row)


def test_who_is_overlooked_is_so_for_a_while() -> None:
    seen = found(watched(Weak(1.0, 0.0, 3), 0.35, pictures=3000), 1)
    changes = np.count_nonzero(np.diff(seen))
    share = seen.mean()
    assert 0.2 < share < 0.98
    assert changes < 0.7 * 2 * share * (1 - share) * len(seen)  # than by chance in each picture


def test_of_two_over_each_other_the_weaker_is_left_out() -> None:
    weak = Weak(0.5, 0.0, 1)
    shown = weak.look([person(1, 0.2), person(2, 0.205)], 0.0)
    assert len(shown) == 1


def test_ghosts_come_at_the_rate_that_was_asked_for_and_stay_a_moment() -> None:
    shown = watched(Weak(0.0, 60.0, 2), pictures=3000)
    ghosts = {one["id"] for now in shown for one in now}
    assert len(ghosts) == pytest.approx(300, rel=0.2)
    assert np.mean([len(now) for now in shown]) == pytest.approx(1.2, rel=0.25)


def test_the_same_seed_sees_the_same() -> None:
    one, again = (watched(Weak(1.0, 5.0, 4), 0.8, 0.4) for _ in range(2))
    assert one == again
