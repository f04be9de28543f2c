"""Classes are the same when people call them the same."""

import pytest

from sightline.errors import ConfigError
from sightline.tuning.truth.matching import index_of


@pytest.mark.parametrize(
    ("labels", "names", "expected"),
    [
        (("person", "tv"), ("tv", "person"), [1, 0]),
        (("motorbike", "aeroplane"), ("airplane", "motorcycle"), [1, 0]),
        (("tench, Tinca tinca", "cat"), ("Cat", "tench"), [1, 0]),
        (("traffic_light", "unicorn"), ("traffic light",), [0, -1]),
        (("class 0", "class 1"), ("ham", "eggs"), [0, 1]),
    ],
)
def test_by_name(labels: tuple[str, ...], names: tuple[str, ...], expected: list[int]) -> None:
    assert index_of(labels, names).tolist() == expected


def test_nothing_in_common_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="no class in common"):
        index_of(("a", "b"), ("c", "d"))
