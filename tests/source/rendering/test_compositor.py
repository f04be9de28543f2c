import numpy as np
import pytest

from sightline.source.rendering.compositor import CELLS, MARGIN, Arrangement, Occluder, Thing
from sightline.source.rendering.drawing import Drawing, Image
from sightline.source.rendering.projection import ASPECT

WIDTH, HEIGHT = 320, 180
EYE = (0.0, 0.0)


def square(x1: float, y1: float, x2: float, y2: float, colour: tuple[int, int, int]) -> Drawing:
    drawing = Drawing()
    corners = np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])
    drawing.add(corners * (ASPECT, 1), colour)
    return drawing


def thing(away: float, drawing: Drawing) -> Thing:
    return Thing((0.0, away), drawing, Drawing(), (5, 5, 5))


def wall(away: float, left: int, right: int) -> Occluder:
    """Across the picture's columns from `left` to `right`, `away` from the eye."""
    base = [(-5.0, away), (5.0, away), (5.0, away + 0.1), (-5.0, away + 0.1)]
    cover = np.zeros((HEIGHT, WIDTH), np.float32)
    cover[:, left:right] = 1
    cells = np.zeros((CELLS[1] + 2 * MARGIN, CELLS[0] + 2 * MARGIN), np.bool_)
    cells[:, MARGIN + left : MARGIN + right] = True
    return Occluder(base, EYE, cover, cells)


def composed(things: list[Thing], occluders: list[Occluder]) -> Image:
    still = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    still[..., 2] = 200
    canvas = still.copy()
    Arrangement(things, occluders, EYE).compose(canvas, still)
    return canvas


RED, GREEN = (255, 0, 0), (0, 255, 0)


def test_who_is_nearer_hides_who_is_farther_whatever_the_order() -> None:
    far = thing(5, square(0.2, 0.2, 0.6, 0.6, RED))
    near = thing(2, square(0.4, 0.4, 0.8, 0.8, GREEN))
    for things in ([far, near], [near, far]):
        picture = composed(things, [])
        assert picture[90, 160].argmax() == 1
        shares = Arrangement(things, [], EYE).visible()
        assert shares[things.index(near)] == pytest.approx(1)
        assert shares[things.index(far)] == pytest.approx(0.75, abs=0.02)


def test_a_wall_hides_who_is_behind_it_and_not_who_is_before() -> None:
    barrier = wall(3, 0, 160)
    behind = thing(5, square(0.25, 0.2, 0.75, 0.6, RED))
    before = thing(1, square(0.25, 0.7, 0.75, 0.9, GREEN))
    picture = composed([behind, before], [barrier])
    assert picture[72, 120].tolist() == [0, 0, 200]
    assert picture[72, 200].argmax() == 0
    assert picture[144, 120].argmax() == 1
    shares = Arrangement([behind, before], [barrier], EYE).visible()
    assert shares == pytest.approx([0.5, 1.0], abs=0.02)


def test_someone_behind_a_wall_does_not_shine_through_someone_before_it() -> None:
    barrier = wall(3, 0, 320)
    behind = thing(5, square(0.2, 0.2, 0.6, 0.6, RED))
    before = thing(1, square(0.3, 0.3, 0.7, 0.7, GREEN))
    picture = composed([behind, before], [barrier])
    assert picture[90, 160].argmax() == 1
    assert picture[45, 80].tolist() == [0, 0, 200]
    assert Arrangement([behind, before], [barrier], EYE).visible() == pytest.approx(
        [0, 1], abs=0.01
    )


def test_what_is_beyond_the_edge_is_not_visible() -> None:
    half_out = thing(2, square(-0.1, 0.2, 0.1, 0.6, RED))
    assert Arrangement([half_out], [], EYE).visible() == pytest.approx([0.5], abs=0.03)


@pytest.mark.parametrize(
    ("place", "hidden"),
    [((0, 6), True), ((0, 1), False), ((3, 6), True), ((0.5, 3.2), True)],
)
def test_a_side_that_does_not_face_the_eye_hides(place: tuple[float, float], hidden: bool) -> None:
    assert wall(3, 0, 10).hides(place) == hidden


def test_nothing_at_all_leaves_the_picture_as_it_is() -> None:
    assert (composed([], [wall(3, 0, 320)]) == (0, 0, 200)).all()
