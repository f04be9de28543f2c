import numpy as np
import pytest

from sightline.results import Detections
from sightline.results.stretch import Stretch, stretches


def picture(*ids: int) -> Detections:
    count = len(ids)
    return Detections(
        np.tile(np.array(ids, np.float32).reshape(-1, 1), 4),
        np.ones(count, np.float32),
        np.zeros(count, np.int32),
        np.array(ids, np.int64),
    )


ROWS = [(10, picture(1, 2)), (20, picture()), (30, picture(2)), (40, picture(3, 4, 5))]


def ids(film: Stretch) -> list[list[int]]:
    found = [film.picture(number).track_ids for number in range(len(film))]
    return [[] if one is None else one.tolist() for one in found]


@pytest.mark.parametrize("most", [1, 3, 100])
def test_pictures_come_back_in_order(most: int) -> None:
    films = list(stretches(ROWS, most))
    assert sum(map(len, films)) == 4
    assert [one for film in films for one in ids(film)] == [[1, 2], [], [2], [3, 4, 5]]
    assert [t for film in films for t in film.times.tolist()] == [10, 20, 30, 40]
    boxes = [x for film in films for x in film.objects.boxes[:, 0].tolist()]
    assert boxes == [1, 2, 2, 3, 4, 5]


def test_parts_and_some_of_the_objects() -> None:
    (film,) = stretches(ROWS)
    assert ids(film.part(1, 4)) == [[], [2], [3, 4, 5]]
    assert ids(film.part(2, 2)) == []
    assert ids(film.only(np.array([1, 3, 5]))) == [[2], [], [], [3, 5]]
    assert ids(film.part(2, 4).only(np.array([2]))) == [[], [4]]


def test_probes_stay_with_their_pictures() -> None:
    told = picture(1)
    probed = Detections(
        told.boxes, told.scores, told.labels, told.track_ids, probes={"view": (0.5,)}
    )
    (film,) = stretches([(0, told), (1, probed), (2, told)])
    assert [film.picture(n).probes for n in range(3)] == [None, {"view": (0.5,)}, None]
    assert [film.part(1, 3).picture(n).probes for n in range(2)] == [{"view": (0.5,)}, None]


def test_what_has_no_identities_is_no_stretch() -> None:
    untracked = Detections(*(getattr(picture(1), name) for name in ("boxes", "scores", "labels")))
    with pytest.raises(AssertionError, match="needs tracks"):
        list(stretches([(0, untracked)]))
