"""Matrices from YUV to RGB."""

import numpy as np
import pytest

from sightline.picture import colour


@pytest.mark.parametrize("colorspace", [1, 4, 5, 6, 7, 9, 10])
@pytest.mark.parametrize(("full", "black", "white"), [(True, 0, 255), (False, 16, 235)])
def test_grey_stays_grey(colorspace: int, full: bool, black: int, white: int) -> None:
    matrix = colour.to_rgb(colorspace, full)
    for luma, level in [(black, 0), (white, 255), ((black + white) / 2, 127.5)]:
        assert matrix @ [luma, 128, 128, 1] == pytest.approx([level] * 3, abs=0.01)


def test_the_numbers_of_bt_709() -> None:
    matrix = colour.to_rgb(1, False)
    expected = [[1.1644, 0, 1.7927], [1.1644, -0.2132, -0.5329], [1.1644, 2.1124, 0]]
    assert matrix[:, :3] == pytest.approx(np.array(expected), abs=1e-4)


@pytest.mark.parametrize(
    ("named", "height", "taken"),
    [(2, 480, 5), (2, 720, 1), (2, 1080, 1), (1, 480, 1), (6, 1080, 6), (0, 240, 5)],
    ids=["SD", "HD", "full HD", "named 709", "named 601", "RGB by mistake"],
)
def test_the_matrix_that_is_assumed_where_none_is_named(
    named: int, height: int, taken: int
) -> None:
    assert colour.known(named, height) == taken


def test_a_matrix_cannot_be_spoilt_for_others() -> None:
    with pytest.raises(ValueError, match="read-only"):
        colour.to_rgb(1, True)[0, 0] = 0
