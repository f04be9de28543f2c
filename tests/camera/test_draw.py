import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.camera.draw.lines import Lines
from sightline.camera.draw.painter import Painter
from sightline.camera.draw.palette import GRID, SHADE, colour_of
from sightline.camera.draw.panel import clock_text
from sightline.camera.draw.scale import Scale
from sightline.camera.draw.status import Status
from sightline.camera.draw.tags import Tags
from sightline.camera.draw.typeface import Typeface
from sightline.results import Detections
from sightline.wire.messages import Event

GREY = 110
LABELS = ("person", "trolley")
WIDE = (640, 360)


def canvas(size: tuple[int, int] = WIDE, value: int = GREY) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), value, np.uint8)


def one(box: tuple[float, float, float, float], track: int | None = 1) -> Detections:
    return Detections(
        np.array([box], np.float32),
        np.array([0.9], np.float32),
        np.zeros(1, np.int32),
        None if track is None else np.array([track]),
    )


def near(rgb: NDArray[np.uint8], x: float, y: float, reach: int = 2) -> NDArray[np.int64]:
    """The pixels around a point given in fractions, as a list of colours."""
    row, column = round(y * (rgb.shape[0] - 1)), round(x * (rgb.shape[1] - 1))
    part = rgb[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1]
    return part.reshape(-1, 3).astype(np.int64)


def has(rgb: NDArray[np.uint8], x: float, y: float, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(near(rgb, x, y) - colour).max(1) < 40).any())


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (1920, 1080), (540, 960)])
def test_a_box_is_where_the_object_is_in_its_track_s_colour(size: tuple[int, int]) -> None:
    rgb = canvas(size)
    Painter(size, LABELS).paint(rgb, one((0.4, 0.4, 0.6, 0.8), 5), Status(0))
    for x, y in ((0.4, 0.6), (0.6, 0.6), (0.5, 0.8)):
        assert has(rgb, x, y, colour_of(5))
    assert (near(rgb, 0.5, 0.6) == GREY).all()  # the object itself is left to be seen


def test_a_track_keeps_its_colour_and_neighbours_differ() -> None:
    assert colour_of(7) == colour_of(7)
    assert len({colour_of(track) for track in range(100, 107)}) == 7


# Machado, Oliveira, Fernandes, "A physiologically-based model for simulation of color vision
# deficiency" (2009), full severity.
_PROTAN = [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]
_DEUTAN = [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]


@pytest.mark.parametrize("matrix", [np.eye(3), _PROTAN, _DEUTAN], ids=["all", "protan", "deutan"])
def test_colours_are_told_apart_by_any_eye(matrix: NDArray[np.float64]) -> None:
    linear = (np.array([colour_of(i) for i in range(7)]) / 255) ** 2.2
    seen = (linear @ np.array(matrix).T).clip(0, 1) ** (1 / 2.2) * 255
    apart = np.abs(seen[:, None] - seen[None]).max(-1)
    assert apart[~np.eye(7, dtype=bool)].min() > 20


@pytest.mark.parametrize("tracked", [True, False])
def test_nothing_but_the_drawing_changes(tracked: bool) -> None:
    rgb = canvas()
    Painter(WIDE, LABELS).paint(rgb, one((0.4, 0.4, 0.6, 0.8), 1 if tracked else None), Status(0))
    changed = (rgb != GREY).any(-1)
    assert changed.any()
    assert changed.mean() < 0.1
    assert not changed[:300, 450:].any()
    assert not changed[120:, :240].any()


def test_the_detections_are_not_touched() -> None:
    detections = one((-0.3, 0.4, 0.6, 1.8))
    before = detections.boxes.copy()
    detections.boxes.setflags(write=False)
    Painter(WIDE, LABELS).paint(canvas(), detections, Status(0))
    assert (detections.boxes == before).all()


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (31, 17), (96, 64), (320, 180)])
def test_pictures_of_any_size_are_painted(size: tuple[int, int]) -> None:
    painter = Painter(
        size, LABELS, [("door", [(0.1, 0.5), (0.9, 0.5)])], [("till", [(0, 0), (1, 0), (0.5, 1)])]
    )
    for i in range(3):
        painter.paint(canvas(size), one((0.1, 0.1, 0.9, 0.9)), Status(i * 40_000_000))


@pytest.mark.parametrize(
    "box",
    [
        (-5.0, -5.0, 9.0, 9.0),
        (2.0, 2.0, 3.0, 3.0),
        (0.5, 0.5, 0.5, 0.5),
        (0.6, 0.6, 0.4, 0.4),
        (np.nan, 0.0, 1.0, 1.0),
        (-1e30, 0.0, np.inf, 1.0),
        (0.0, 0.0, 0.001, 0.001),
    ],
)
def test_boxes_of_any_kind_are_survived(box: tuple[float, float, float, float]) -> None:
    painter = Painter(WIDE, LABELS)
    for i in range(3):
        painter.paint(canvas(), one(box), Status(i))


def test_a_class_without_a_name_is_survived() -> None:
    detections = Detections(
        np.array([[0.2, 0.2, 0.8, 0.8]], np.float32), np.ones(1, np.float32), np.array([9])
    )
    Painter(WIDE, LABELS).paint(canvas(), detections, Status(0))


def test_what_has_been_seen_leaves_a_fading_trail() -> None:
    painter = Painter(WIDE, LABELS)
    for i in range(40):
        rgb = canvas()
        x = 0.1 + i * 0.02
        painter.paint(rgb, one((x - 0.05, 0.2, x + 0.05, 0.6)), Status(i * 40_000_000))

    def strength(x: float) -> float:
        return float(np.abs(near(rgb, x, 0.6) - GREY).max())

    assert strength(0.7) > strength(0.4) > strength(0.2) > 0
    painter.paint(fresh := canvas(), Detections.empty(tracked=True), Status(10_000_000_000))
    assert (near(fresh, 0.7, 0.6) == GREY).all()


def test_trails_do_not_grow_without_end() -> None:
    painter = Painter((64, 64), LABELS)
    for i in range(300):
        count = 20
        boxes = np.tile(np.array([0.2, 0.2, 0.4, 0.4], np.float32), (count, 1))
        ids = np.arange(i * count, (i + 1) * count, dtype=np.int64)
        tracks = Detections(boxes, np.ones(count, np.float32), np.zeros(count, np.int32), ids)
        painter._trails.update(tracks, i)  # a clock that hardly moves forgets nothing by time
    assert len(painter._trails._paths) <= 512 + 20
    assert painter._trails._paths.keys() == painter._trails._seen.keys()


@pytest.mark.parametrize(
    ("points", "inside"),
    [
        ([(0.1, 0.5), (0.9, 0.5)], (0.5, 0.53)),  # walking right, the right hand is below
        ([(0.9, 0.5), (0.1, 0.5)], (0.5, 0.47)),
        ([(0.5, 0.9), (0.5, 0.1)], (0.518, 0.5)),  # walking up, the right hand is right
        ([(0.5, 0.1), (0.5, 0.9)], (0.482, 0.5)),
    ],
)
def test_the_arrow_points_to_where_in_is(
    points: list[tuple[float, float]], inside: tuple[float, float]
) -> None:
    rgb, scale = canvas(), Scale(*WIDE)
    Lines(scale, [("door", points)]).draw(rgb, Status(0), Tags(scale, Typeface(scale.text)))
    x, y = inside
    assert has(rgb, x, y, (255, 214, 92))
    assert not has(rgb, 1 - x, 1 - y, (255, 214, 92))


def test_a_line_lights_up_when_it_is_crossed() -> None:
    painter = Painter(WIDE, LABELS, [("door", [(0.1, 0.5), (0.9, 0.5)])])
    lit = []
    for ms in (0, 40, 200, 800):
        rgb = canvas()
        events = [Event("line.crossed", 40_000_000, "door")] if ms == 40 else []
        painter.paint(rgb, Detections.empty(), Status(ms * 1_000_000, events=events))
        lit.append(has(rgb, 0.2, 0.5, (250, 250, 250)))
    assert lit == [False, True, True, False]


def test_a_zone_is_stronger_while_someone_is_inside() -> None:
    corners = [(0.3, 0.3), (0.9, 0.3), (0.9, 0.9), (0.3, 0.9)]
    painter = Painter(WIDE, LABELS, [], [("till", corners)])

    def tint(inside: int) -> int:
        painter.paint(
            rgb := canvas(), Detections.empty(), Status(0, zones={"till": {"present": inside}})
        )
        return int(np.abs(near(rgb, 0.6, 0.7) - GREY).max())

    assert tint(2) > tint(0) > 0


def test_a_bare_picture_holds_nothing_of_what_was_there() -> None:
    pictures = [canvas(value=0), np.random.default_rng(0).integers(0, 255, (360, 640, 3), np.uint8)]
    for rgb in pictures:
        Painter(WIDE, LABELS).paint(rgb, one((0.4, 0.4, 0.6, 0.8)), Status(0), bare=True)
    assert (pictures[0] == pictures[1]).all()
    assert (pictures[0] == GRID).all(-1).any()


def test_the_panel_shows_on_large_pictures_and_stays_away_from_small_ones() -> None:
    lines = [(f"entrance {i}", [(0.1, 0.9), (0.9, 0.9)]) for i in range(4)]
    for size, shown in (((1280, 720), True), ((160, 120), False)):
        painter = Painter(size, LABELS, lines)
        areas = painter._panel.areas(Status(0), 0)
        assert (len(areas) == 2) == shown


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status(0), "0:00:00.0"),
        (Status(3_723_456_000_000), "1:02:03.4"),
        (Status(-5), "0:00:00.0"),
        (Status(1_790_000_000_000_000_000, "utc"), "2026-09-21 14:13:20 UTC"),
    ],
)
def test_the_clock(status: Status, text: str) -> None:
    assert clock_text(status) == text


def test_text_stands_out_from_its_plate() -> None:
    def luminance(colour: tuple[int, int, int]) -> float:
        red, green, blue = ((value / 255) ** 2.2 for value in colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    worst = tuple(round(value * 0.78 + 255 * 0.22) for value in SHADE)  # on white ground
    contrast = (luminance((250, 250, 250)) + 0.05) / (luminance(worst) + 0.05)  # type: ignore[arg-type]
    assert contrast > 7  # WCAG 2, level AAA


def test_what_is_only_expected_is_drawn_thinner_than_what_is_seen() -> None:
    """A tracker gives the score 0 to a box where it expects an object that is hidden."""
    boxes = np.array([[0.3, 0.3, 0.6, 0.8]], np.float32)
    drawn = []
    for score in (0.9, 0.0):
        tracks = Detections(
            boxes, np.array([score], np.float32), np.zeros(1, np.int32), np.ones(1, np.int64)
        )
        rgb = np.zeros((360, 640, 3), np.uint8)
        Painter((640, 360), ["person"]).paint(rgb, tracks, Status(0))
        drawn.append(int(np.count_nonzero(rgb.any(2))))
    assert 0 < drawn[1] < drawn[0]
