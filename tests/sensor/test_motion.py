import numpy as np

from sightline.picture import Frame
from sightline.picture.rgb import RgbPicture
from sightline.sensor.base import Capture
from sightline.sensor.motion import MotionSensor


def frames(count: int = 60, lit: float = 1.0) -> list[Frame]:
    """A bright square that crosses a still, noisy scene from the 20th picture on."""
    rng = np.random.default_rng(1)
    ground = rng.integers(60, 120, (90, 160, 1)).repeat(3, 2)
    film = []
    for number in range(count):
        pixels = ground * (lit if number > 30 else 1.0) + rng.normal(0, 2, ground.shape)
        if number >= 20:
            left = (number - 20) * 4
            pixels[30:60, left : left + 24] = 220
        picture = RgbPicture(pixels.clip(0, 255).astype(np.uint8))
        film.append(Frame(picture, number * 40_000_000, number))
    return film


def boxes(film: list[Frame]) -> list[np.ndarray]:
    captures = [item for item in MotionSensor(film).captures() if isinstance(item, Capture)]
    return [capture.tensors[0] for capture in captures]


def test_what_moves_is_found_where_it_is_and_nothing_else() -> None:
    found = boxes(frames())
    assert [len(one) for one in found[:20]] == [0] * 20
    for number in range(24, 50):
        [box] = found[number]
        left = (number - 20) * 4 / 160
        assert np.abs(box - [left, 1 / 3, left + 24 / 160, 2 / 3]).max() < 0.04


def test_a_lamp_that_is_switched_on_is_no_motion() -> None:
    found = boxes(frames(lit=1.25))
    assert all(len(one) <= 2 for one in found[31:])


def test_it_begins_anew_when_pictures_change_their_size() -> None:
    tall = Frame(RgbPicture(np.zeros((200, 100, 3), np.uint8)), 9, 99)
    assert [len(one) for one in boxes([*frames(30), tall])][-1] == 0
