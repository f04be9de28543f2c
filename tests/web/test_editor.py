"""Lines, zones, shelves and the floor drawn on a real page, by mouse, keys and fingers."""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hubkit import SECOND, Speaker
from hubrun import RunningHub
from place import let_in, staffed_place
from upright import boxes_of
from visits import Visit

from sightline.hub.twin.twins import Author
from sightline.results import Detections

SQUARE = [(0.2, 0.2), (0.6, 0.2), (0.6, 0.7), (0.2, 0.7)]
WIDE = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
_START = {"zones": [{"name": "till", "polygon": [[0.1, 0.1], [0.4, 0.1], [0.4, 0.4]]}]}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    """A camera before which people of known heights have walked."""
    with staffed_place(tmp_path_factory.mktemp("site")) as running:
        let_in(running, "front")
        speaker = Speaker("front", now_ns=time.time_ns() - 120 * SECOND)
        boxes, _ = boxes_of(1.0, np.radians(20), 3.0, 120, 1)
        seen = [
            Detections(
                box[None].astype(np.float32), np.ones(1, np.float32), np.zeros(1, np.int32),
                np.array([number + 1]),
            )
            for number, box in enumerate(boxes)
        ]  # fmt: skip
        running.hear(speaker.announce())
        for at in range(0, len(seen), 40):
            begin = speaker.now_ns + at * SECOND // 2
            running.hear(speaker.seeing(seen[at : at + 40], begin, at, SECOND // 2))
        yield running


@pytest.fixture(autouse=True)
def _fresh(hub: RunningHub) -> None:
    hub.do(hub.services.twins.put("front", _START, Author("user ada", time.time_ns())))


@pytest.fixture(scope="module")
def wide(browser: Any, hub: RunningHub) -> Iterator[Visit]:
    seen = Visit(browser, hub.url, "operator", **WIDE)
    yield seen
    seen.context.close()


def _taken(answer: Any) -> bool:
    return bool(answer.request.method == "PATCH" and answer.ok)


class Drawing:
    """The editor, with places in fractions of the picture."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.go("/cameras/front/edit")
        self.canvas = self.page.locator(".stage canvas")
        self.canvas.scroll_into_view_if_needed()

    def at(self, place: tuple[float, float]) -> tuple[float, float]:
        box = self.canvas.bounding_box()
        return box["x"] + box["width"] * place[0], box["y"] + box["height"] * place[1]

    def tool(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def click(self, *places: tuple[float, float]) -> None:
        for place in places:
            self.page.mouse.click(*self.at(place))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*self.at(start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(end), steps=4)
        self.page.mouse.up()

    def save(self) -> None:
        with self.page.expect_response(_taken):
            self.page.get_by_role("button", name="Save", exact=True).click()

    def wrong(self) -> str:
        return str(self.page.locator("p.wrong[role=alert]").inner_text())


def desired(hub: RunningHub) -> dict[str, Any]:
    return hub.do(hub.services.twins.show("front")).desired


def near(points: Any, wanted: Any) -> bool:
    return bool(np.allclose(points, wanted, atol=0.02))


def test_a_line_is_drawn_answered_by_the_past_undone_and_saved(
    wide: Visit, hub: RunningHub
) -> None:
    drawing = Drawing(wide)
    drawing.tool("Line")
    drawing.click((0.5, 0.2), (0.5, 0.8))
    drawing.page.wait_for_selector("text=In the last hour this would have counted")
    drawing.page.fill("input[name=name]", "door")
    drawing.canvas.focus()
    drawing.page.keyboard.press("Control+z")
    assert drawing.page.input_value("input[name=name]") == "line 1"
    drawing.page.keyboard.press("Control+Shift+z")
    drawing.save()
    [line] = desired(hub)["lines"]
    assert line["name"] == "door"
    assert near(line["points"], [[0.5, 0.2], [0.5, 0.8]])


def test_a_shelf_is_a_grid_whatever_corner_one_begins_with(wide: Visit, hub: RunningHub) -> None:
    drawing = Drawing(wide)
    drawing.tool("Shelf")
    drawing.click(*(SQUARE[at] for at in (2, 0, 3, 1)))
    drawing.page.fill("input[name=rows]", "5")
    drawing.page.locator("input[name=rows]").blur()
    drawing.page.select_option("select[name=by]", "detections")
    drawing.page.wait_for_selector("text=In the last hour this would have counted")
    drawing.save()
    [shelf] = desired(hub)["shelves"]
    assert (shelf["rows"], shelf["columns"], shelf["by"]) == (5, 4, "detections")
    assert near(shelf["polygon"], SQUARE)


def test_the_floor_is_judged_before_it_is_saved(wide: Visit, hub: RunningHub) -> None:
    drawing = Drawing(wide)
    drawing.tool("Floor")
    drawing.click((0.1, 0.9), (0.9, 0.9), (0.7, 0.4), (0.3, 0.4))
    drawing.page.get_by_role("button", name="Finish").click()
    assert "Say where each point" in drawing.wrong()
    assert drawing.page.get_by_role("button", name="Save", exact=True).is_disabled()
    metres = [(0, 0), (4, 0), (4, 6), (0, 6)]
    for number, place in enumerate(metres, 1):
        for axis, value in zip("XY", place, strict=True):
            drawing.page.get_by_label(f"Point {number}, {axis} in metres").fill(str(value))
    drawing.page.wait_for_selector("text=A place is known to")
    drawing.save()
    ground = desired(hub)["ground"]
    assert ground["floor"] == [list(place) for place in metres]
    drawing.page.get_by_label("Point 3, X in metres").fill("0")
    drawing.page.wait_for_selector("p.wrong:has-text('lie on one line')")
    assert drawing.page.get_by_role("button", name="Save", exact=True).is_disabled()
    drawing.page.get_by_label("Point 3, X in metres").fill("4")
    drawing.page.wait_for_selector("text=A place is known to")
    drawing.page.get_by_role("button", name="Remove", exact=True).click()
    drawing.save()
    assert "ground" not in desired(hub)


def test_people_tell_the_floor(wide: Visit, hub: RunningHub) -> None:
    drawing = Drawing(wide)
    drawing.tool("Floor")
    drawing.page.get_by_role("button", name="Work it out from people's heights").click()
    drawing.page.wait_for_selector("text=The camera hangs")
    drawing.save()
    assert desired(hub)["ground"]["relative"] > 0.02


def test_corners_are_moved_added_and_removed_by_mouse(wide: Visit, hub: RunningHub) -> None:
    drawing = Drawing(wide)
    drawing.click((0.35, 0.2))
    drawing.drag((0.1, 0.1), (0.1, 0.3))
    drawing.drag((0.25, 0.2), (0.2, 0.1))  # the middle of a side becomes a corner
    drawing.save()
    [zone] = desired(hub)["zones"]
    assert near(zone["polygon"], [[0.1, 0.3], [0.2, 0.1], [0.4, 0.1], [0.4, 0.4]])
    drawing.page.locator("summary", has_text="Corners").click()
    drawing.page.get_by_role("button", name="Remove corner 2").click()
    drawing.save()
    assert len(desired(hub)["zones"][0]["polygon"]) == 3
    drawing.page.get_by_role("button", name="Remove", exact=True).click()
    drawing.save()
    assert desired(hub)["zones"] == []


def test_all_of_it_goes_by_keys(wide: Visit, hub: RunningHub) -> None:
    drawing = Drawing(wide)
    press = drawing.page.keyboard.press
    drawing.page.get_by_role("button", name="Zone", exact=True).focus()
    press("Enter")  # the picture has focus now
    for way in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
        for _ in range(2):
            press(f"Shift+{way}")
        press("Space")
    press("Enter")
    drawing.page.wait_for_selector("input[name=name]")
    press("Space")  # the first corner
    press("Shift+ArrowLeft")
    drawing.page.locator("input[name=name]").focus()
    press("Control+a")
    drawing.page.keyboard.type("yard")
    drawing.save()
    yard = desired(hub)["zones"][1]
    assert yard["name"] == "yard"
    assert near(yard["polygon"], [[0.38, 0.5], [0.4, 0.4], [0.5, 0.4], [0.5, 0.5]])
    drawing.canvas.focus()
    press("Space")
    press("Delete")  # a corner
    press("Escape")
    drawing.page.get_by_role("button", name="yard").focus()
    press("Enter")
    drawing.canvas.focus()
    press("Delete")  # all of it
    drawing.save()
    assert [zone["name"] for zone in desired(hub)["zones"]] == ["till"]


def test_all_of_it_goes_by_touch(browser: Any, hub: RunningHub) -> None:
    seen = Visit(browser, hub.url, "operator", **PHONE)
    drawing = Drawing(seen)
    page = drawing.page
    page.get_by_role("button", name="Queue", exact=True).tap()
    for place in SQUARE:
        page.touchscreen.tap(*drawing.at(place))
    page.get_by_role("button", name="Finish").tap()
    page.fill("input[name=name]", "waiting")
    drawing.save()
    [queue] = desired(hub)["queues"]
    assert queue["name"] == "waiting"
    assert near(queue["polygon"], SQUARE)
    assert near(queue["path"], [[0.4, 0.2]])
    page.get_by_role("button", name="Next side").tap()
    drawing.save()
    assert near(desired(hub)["queues"][0]["path"], [[0.6, 0.45]])
    page.get_by_role("button", name="Remove", exact=True).tap()
    drawing.save()
    assert desired(hub)["queues"] == []
    seen.context.close()


def test_what_cannot_be_is_shown_where_it_is(wide: Visit) -> None:
    drawing = Drawing(wide)
    drawing.tool("Zone")
    drawing.click((0.5, 0.5), (0.8, 0.5))
    drawing.page.keyboard.press("Enter")
    drawing.page.wait_for_selector("text=It needs 3 corners; it has 2.")
    drawing.click((0.5, 0.8), (0.8, 0.8))
    drawing.page.keyboard.press("Enter")
    assert "zone 1 crosses itself" in drawing.wrong()
    assert "crosses itself" in drawing.page.locator(".properties .fault").inner_text()
    assert drawing.page.get_by_role("button", name="Save", exact=True).is_disabled()
    drawing.drag((0.5, 0.8), (0.9, 0.6))
    drawing.page.wait_for_selector("p.wrong[role=alert]", state="hidden")
    drawing.page.fill("input[name=name]", "till")
    assert "Two share the name till" in drawing.wrong()


def test_two_people_who_change_different_things_keep_both(
    browser: Any, wide: Visit, hub: RunningHub
) -> None:
    other = Visit(browser, hub.url, "ada", **WIDE)
    mine, hers = Drawing(wide), Drawing(other)
    mine.tool("Line")
    mine.click((0.5, 0.2), (0.5, 0.8))
    hers.tool("Line")
    hers.click((0.8, 0.2), (0.8, 0.8))
    hers.page.fill("input[name=name]", "hers")
    hers.save()
    mine.save()  # though it was drawn on what was there before
    lines = {line["name"]: line["points"] for line in desired(hub)["lines"]}
    assert set(lines) == {"hers", "line 1"}
    hers.page.wait_for_selector("text=operator has just changed this camera")
    hers.page.get_by_role("button", name="All shapes").click()
    hers.page.wait_for_selector(".panel button:has-text('line 1')")
    other.context.close()


def test_two_people_who_change_the_same_thing_are_asked(
    browser: Any, wide: Visit, hub: RunningHub
) -> None:
    other = Visit(browser, hub.url, "ada", **WIDE)
    mine, hers = Drawing(wide), Drawing(other)
    for drawing, end in ((hers, (0.05, 0.05)), (mine, (0.2, 0.05))):
        drawing.click((0.35, 0.2))
        drawing.drag((0.1, 0.1), end)
    hers.save()
    mine.page.get_by_role("button", name="Save", exact=True).click()
    dialog = mine.page.locator("dialog[open]")
    dialog.wait_for()
    assert "ada saved while you were drawing" in dialog.inner_text()
    assert "both of you changed it" in dialog.inner_text()
    with mine.page.expect_response(_taken):
        dialog.get_by_role("button", name="Keep mine").click()
    assert near(desired(hub)["zones"][0]["polygon"][0], [0.2, 0.05])
    other.context.close()


def test_what_was_not_saved_is_there_when_one_comes_back(wide: Visit, hub: RunningHub) -> None:
    drawing = Drawing(wide)
    drawing.tool("Line")
    drawing.click((0.5, 0.2), (0.5, 0.8))
    drawing.page.click("text=Back to the camera")
    drawing.page.wait_for_selector("main:not([aria-busy]) h1:has-text('front')")
    drawing.page.go_back()
    drawing.page.wait_for_selector("text=What you had drawn and not saved is back.")
    drawing.save()
    assert len(desired(hub)["lines"]) == 1
