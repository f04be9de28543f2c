from typing import Any

import numpy as np
import pytest

from sightline.errors import InputError
from sightline.geometry.warp import STILL, shifted
from sightline.picture.opencv import opencv
from sightline.picture.rgb import RgbPicture
from sightline.probe.shelf import ShelfProbe
from sightline.source.rendering.drawing import paint
from sightline.source.rendering.places.aisle import AISLE, COLUMNS, ROOM_IN_CELL, ROWS, SHELF
from sightline.source.rendering.shelf import Stock, kind_of

SIZE = (640, 360)
CORNERS = AISLE.asked["shelves"][0]["polygon"]


def stock() -> Stock:
    full = Stock(ROWS, COLUMNS, ROOM_IN_CELL, np.random.default_rng(1))
    full.count[:] = ROOM_IN_CELL
    return full


def shot(goods: Stock, gain: Any = 1.0) -> RgbPicture:
    canvas = AISLE.room.paint(AISLE.view, *SIZE, 0)
    paint(canvas, SHELF.draw(AISLE.view, goods))
    noise = np.random.default_rng(int(goods.count.sum())).normal(0, 2, canvas.shape)
    return RgbPicture((canvas * gain + noise).clip(0, 255).astype(np.uint8))


def probe() -> ShelfProbe:
    one = ShelfProbe("shelf", CORNERS, ROWS, COLUMNS)
    for _ in range(6):
        one.look(shot(stock()), STILL)
    return one


def look(one: ShelfProbe, picture: RgbPicture, shift: tuple[float, float] = (0, 0)) -> Any:
    numbers = np.array(one.look(picture, shifted(*shift))).reshape(2, ROWS, COLUMNS)
    return numbers[0], numbers[1]


def test_while_it_learns_it_says_nothing_and_then_that_all_is_full() -> None:
    one = ShelfProbe("shelf", CORNERS, ROWS, COLUMNS)
    assert [len(one.look(shot(stock()), STILL)) for _ in range(5)] == [0] * 5
    fill, stray = look(one, shot(stock()))
    assert fill.min() == 1
    assert stray.max() == 0


@pytest.mark.parametrize("count", range(ROOM_IN_CELL + 1))
def test_fill_is_what_stands_in_a_cell(count: int) -> None:
    one, goods = probe(), stock()
    goods.count[1, 2] = goods.count[3, 5] = count
    fill, stray = look(one, shot(goods))
    assert fill[1, 2] == pytest.approx(count / ROOM_IN_CELL, abs=0.13)
    assert fill[3, 5] == pytest.approx(count / ROOM_IN_CELL, abs=0.13)
    assert np.delete(fill.ravel(), [8, 23]).min() > 0.87
    assert stray.max() == 0


ACROSS = np.linspace(0.6, 1.1, SIZE[0])[None, :, None]


@pytest.mark.parametrize("gain", [0.55, 1.2, [1.0, 0.9, 0.7], ACROSS], ids=str)
def test_light_that_changes_is_not_goods_that_are_gone(gain: Any) -> None:
    one, goods = probe(), stock()
    goods.count[0, 0] = goods.count[2, 3] = 0
    for _ in range(3):
        fill, _ = look(one, shot(goods, gain))
    assert fill[0, 0] <= 0.13
    assert fill[2, 3] <= 0.13
    assert np.delete(fill.ravel(), [0, 15]).min() > 0.8


def test_what_belongs_elsewhere_is_known() -> None:
    one, goods = probe(), stock()
    goods.count[1, 1], goods.strays[1, 1] = 2, kind_of((1, 4))
    fill, stray = look(one, shot(goods))
    assert stray[1, 1] == pytest.approx(0.25, abs=0.13)
    assert np.delete(stray.ravel(), 7).max() == 0
    assert fill[1, 1] == pytest.approx(0.5, abs=0.13)


def test_a_picture_that_has_moved_is_read_where_the_shelf_is_now() -> None:
    one, goods = probe(), stock()
    goods.count[2, 2] = 0
    pixels = np.roll(shot(goods).rgb(), (12, 20), (0, 1))
    fill, _ = look(one, RgbPicture(pixels), (20 / SIZE[0], 12 / SIZE[1]))
    assert fill[2, 2] <= 0.13
    assert np.delete(fill.ravel(), 14).min() > 0.8


def test_a_reference_may_come_from_a_file(tmp_path: Any) -> None:
    path = tmp_path / "full.png"
    opencv().imwrite(str(path), shot(stock()).rgb()[:, :, ::-1])
    goods = stock()
    goods.count[0, 3] = 0
    one = ShelfProbe("shelf", CORNERS, ROWS, COLUMNS, str(path))
    fill, _ = look(one, shot(goods))
    assert fill[0, 3] <= 0.13


@pytest.mark.parametrize("content", [None, b"", b"no picture"])
def test_a_reference_that_is_none_is_named(tmp_path: Any, content: bytes | None) -> None:
    path = tmp_path / "full.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"full\.png"):
        ShelfProbe("shelf", CORNERS, ROWS, COLUMNS, str(path))
