import pytest

from sightline.camera.draw.status import Status


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ({}, "0"),
        ({"present": 3.0}, "3"),
        ({"present": 3.0, "waiting": 2.0, "expected_s": 41.6}, "2 wait · 42 s"),
        ({"present": 3.0, "waiting": 2.0, "expected_s": -1.0}, "2 wait"),
    ],
)
def test_what_the_tag_of_a_zone_says(numbers: dict[str, float], text: str) -> None:
    assert Status(0, zones={"till": numbers}).of_zone("till") == text
