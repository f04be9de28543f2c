import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sightline.camera.draw.scale import Scale
from sightline.camera.draw.tags import Tags
from sightline.camera.draw.typeface import Typeface

SCALE = Scale(640, 360)
TYPEFACE = Typeface(SCALE.text)
NUMBER = st.integers(-200, 900)
RED = (255, 0, 0)


@given(st.lists(st.tuples(NUMBER, NUMBER, NUMBER, NUMBER), max_size=40))
def test_tags_are_never_cut_off(boxes: list[tuple[int, int, int, int]]) -> None:
    tags = Tags(SCALE, TYPEFACE)
    tags.begin([])
    for box in boxes:
        tags.for_box(box, ("person #123", "#123"), RED)
    tags.at(-50, 500, "door  3 in · 2 out", RED)
    for tag in tags.placed:
        assert 0 <= tag.x <= SCALE.width - tag.width
        assert 0 <= tag.y <= SCALE.height - tags.height


def test_tags_keep_off_each_other_where_there_is_room() -> None:
    tags = Tags(SCALE, TYPEFACE)
    tags.begin([])
    for _ in range(4):
        tags.for_box((300, 150, 380, 250), ("person #12",), RED)
    spots = np.zeros((SCALE.height, SCALE.width), int)
    for tag in tags.placed:
        spots[tag.y : tag.y + tags.height, tag.x : tag.x + tag.width] += 1
    assert len(tags.placed) == 4
    assert spots.max() == 1


def test_tags_keep_off_what_is_reserved() -> None:
    tags = Tags(SCALE, TYPEFACE)
    tags.begin([(0, 0, 640, 145)])
    tags.for_box((300, 150, 380, 250), ("person #12",), RED)
    assert tags.placed[0].y >= 145


def test_a_small_box_gets_a_short_text() -> None:
    tags = Tags(SCALE, TYPEFACE)
    tags.begin([])
    texts = ("shopping trolley #12", "#12")
    tags.for_box((100, 100, 120, 140), texts, RED)
    tags.for_box((300, 100, 500, 300), texts, RED)
    assert [tag.text for tag in tags.placed] == ["#12", "shopping trolley #12"]
