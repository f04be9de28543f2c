"""Which matrix is taken for which stream."""

import pytest

from sightline.picture.colour import matrix


@pytest.mark.parametrize(
    ("named", "height", "taken"),
    [(2, 480, 5), (2, 720, 1), (2, 1080, 1), (1, 480, 1), (6, 1080, 5), (0, 240, 5), (10, 240, 9)],
    ids=["SD", "HD", "full HD", "named 709", "named 601", "RGB by mistake", "BT.2020"],
)
def test_the_matrix_that_is_assumed_where_none_is_named(
    named: int, height: int, taken: int
) -> None:
    assert matrix(named, height) == taken
