"""The box of the truth is exactly what is drawn."""

import numpy as np
import pytest

from sightline.source.rendering.drawing import Drawing, paint
from sightline.source.rendering.entrance import ENTRANCE
from sightline.source.rendering.figure import draw_person
from sightline.source.rendering.projection import ASPECT
from sightline.source.rendering.skeleton import Posture
from sightline.source.rendering.trolley import draw_trolley
from sightline.source.rendering.wardrobe import dress_up, in_uniform

WIDTH, HEIGHT = 960, 540
VIEW = ENTRANCE.view


def drawn_box(drawing: Drawing) -> np.ndarray:
    """x1, y1, x2, y2 in pixels of all that is at least half covered. OpenCV's smooth edges reach
    up to a pixel beyond the polygon."""
    canvas = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    paint(canvas, drawing, (1e6, 1e6, 1e6))
    rows, columns = np.nonzero(canvas[..., 0] > 127)
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])


def told_box(drawing: Drawing) -> np.ndarray:
    return drawing.extent() / ([ASPECT, 1] * 2) * ([WIDTH, HEIGHT] * 2)


@pytest.mark.parametrize("seed", range(24))
def test_the_box_of_a_person_is_what_is_drawn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    look = in_uniform(rng) if seed == 0 else dress_up(rng, child=seed % 5 == 4)
    posture = Posture(seed * 0.7, (seed % 3) / 2, float(seed % 4 == 1), seed % 4 == 2)
    place = (float(rng.uniform(-2, 1.5)), float(rng.uniform(3.5, 8.5)))
    figure = draw_person(VIEW, look, place, seed * 0.9, posture)
    np.testing.assert_allclose(drawn_box(figure), told_box(figure), atol=1.6)


@pytest.mark.parametrize("heading", np.arange(0, 6.28, 0.7).tolist())
def test_the_box_of_a_trolley_is_what_is_drawn(heading: float) -> None:
    cart = draw_trolley(VIEW, (0.3, 5.0), heading, 5)
    np.testing.assert_allclose(drawn_box(cart), told_box(cart), atol=1.6)


@pytest.mark.parametrize("heading", np.arange(0, 6.28, 0.7).tolist())
def test_the_bottom_of_the_box_is_where_the_figure_stands(heading: float) -> None:
    look = dress_up(np.random.default_rng(5))
    figure = draw_person(VIEW, look, (0.2, 6.0), heading, Posture(phase=1.0, swing=1.0))
    x1, _, x2, y2 = figure.extent().tolist()
    foot = VIEW.project(np.array([0.2, 6.0, 0.0]))[0]
    height = y2 - figure.extent()[1]
    assert abs((x1 + x2) / 2 - foot[0]) < 0.15 * height
    assert abs(y2 - foot[1]) < 0.1 * height


def test_a_body_is_as_tall_as_its_look_says() -> None:
    look = dress_up(np.random.default_rng(8))
    figure = draw_person(VIEW, look, (0.0, 6.0), 0.0, Posture())
    ends = VIEW.project(np.array([[0.0, 6.0, 0.0], [0.0, 6.0, look.height]]))[0]
    height = figure.extent()[3] - figure.extent()[1]
    assert height == pytest.approx(ends[0, 1] - ends[1, 1], rel=0.08)


def test_the_lower_foot_is_always_on_the_ground() -> None:
    from sightline.source.rendering.skeleton import spheres

    for phase in np.linspace(0, 6.3, 20):
        body = spheres(Posture(float(phase), 1.0), 1.0)
        assert (body[:, 2] - body[:, 3]).min() == pytest.approx(0, abs=0.012)
