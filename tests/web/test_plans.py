"""Floor plans as people of each role see, draw and fill them, over a real hub."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from hubrun import KEYBOARD, RunningHub, running_hub
from PIL import Image
from visits import settle, visits

from sightline.hub.plans.layout import Layout
from sightline.web import mount

EVIL = '"><img src=x onerror=window.stolen=1>'
EVIL_PATH = "/plans/%22%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.stolen%3D1%3E"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    with running_hub(tmp_path_factory.mktemp("site"), mount) as running:
        settle(running, olav="site=bergen")
        running.enrol("front", site="oslo")
        running.enrol("back", site="bergen")
        yield running


@pytest.fixture
def visit(browser: Any, hub: RunningHub) -> Iterator[Any]:
    with visits(browser, hub) as make:
        yield make


def put(hub: RunningHub, name: str, *cameras: str, **more: Any) -> None:
    placed = [{"camera": camera, "x": 5, "y": 2 + 3 * i} for i, camera in enumerate(cameras)]
    layout = Layout.model_validate({"size": [10, 8], "cameras": placed, **more})
    hub.do(hub.services.plans.put(name, layout, KEYBOARD, ""))


def drawing(kind: str = "PNG") -> dict[str, Any]:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(file, kind)
    return {
        "name": f"floor.{kind.lower()}",
        "mimeType": f"image/{kind.lower()}",
        "buffer": file.getvalue(),
    }


def test_a_plan_is_begun_drawn_under_and_filled(visit: Any, hub: RunningHub) -> None:
    page = visit("operator", viewport={"width": 1280, "height": 900}).go("/plans")
    page.get_by_role("button", name="Add a floor plan").click()
    page.fill("dialog input[name=name]", "Ground floor")
    page.fill("dialog input[name=site]", "oslo")
    page.fill("dialog input[name=width]", "30")
    page.fill("dialog input[name=height]", "15")
    page.click("dialog button.primary")
    page.wait_for_selector("h1:has-text('Ground floor')")
    page.set_input_files("input[type=file]", drawing("JPEG"))
    page.get_by_role("button", name="Make it 20 m high").click()
    page.select_option("select[name=add]", "front")
    pin = page.locator("button.pin[data-camera=front]")
    box = page.locator(".floor canvas").bounding_box()
    pin.locator("svg").hover()
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 4, steps=4)
    page.mouse.up()
    pin.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector(".toast")
    view = hub.do(hub.services.plans.show("Ground floor", None))
    assert (view.site, view.size) == ("oslo", (30, 20))
    assert view.drawing is not None
    assert (view.drawing.media_type, view.drawing.width) == ("image/jpeg", 300)
    [front] = view.cameras
    assert front.x == pytest.approx(11, abs=0.3)
    assert front.y == pytest.approx(5, abs=0.3)
    assert front.turn == 5


def test_walls_are_drawn_taken_back_and_kept(visit: Any, hub: RunningHub) -> None:
    put(hub, "yard")
    page = visit("operator", viewport={"width": 1280, "height": 900}).go("/plans/yard")
    page.get_by_role("button", name="Draw walls").click()
    box = page.locator(".floor canvas").bounding_box()
    for across, down in ((0.1, 0.1), (0.9, 0.1), (0.9, 0.5), (0.5, 0.5)):
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
    save = page.get_by_role("button", name="Save", exact=True)
    assert save.is_enabled()
    page.get_by_role("button", name="Undo").click()
    assert save.is_disabled()
    for across, down in ((0.1, 0.1), (0.9, 0.1), (0.9, 0.5)):
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
    page.keyboard.press("Enter")
    save.click()
    page.wait_for_selector(".toast")
    [wall] = hub.do(hub.services.plans.show("yard", None)).walls
    flat = [value for point in wall for value in point]
    assert flat == pytest.approx([1, 0.8, 9, 0.8, 9, 4], abs=0.11)


def test_walls_are_drawn_by_keys_alone(visit: Any, hub: RunningHub) -> None:
    put(hub, "cellar")
    page = visit("operator", viewport={"width": 1280, "height": 900}).go("/plans/cellar")
    page.get_by_role("button", name="Draw walls").focus()
    keys = (
        "Enter", "Shift+ArrowLeft", "Space", "Shift+ArrowUp", "ArrowUp", "Space",
        "Shift+ArrowRight", "Space", "Backspace", "Shift+ArrowRight", "Space",
    )  # fmt: skip
    for key in keys:
        page.keyboard.press(key)
    assert "At 6 m, 2.9 m. Space puts a corner here" in page.inner_text("p[role=status]")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowDown")
    assert "Space begins a wall here" in page.inner_text("p[role=status]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Draw walls"
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    page.wait_for_selector(".toast")
    [wall] = hub.do(hub.services.plans.show("cellar", None)).walls
    assert wall == ((4, 4), (4, 2.9), (6, 2.9))


def test_two_people_do_not_overwrite_each_other(visit: Any, hub: RunningHub) -> None:
    put(hub, "hall", "front")
    seen = visit("operator")
    page = seen.go("/plans/hall")
    page.fill("input[name=site]", "mine")
    page.locator("input[name=site]").blur()
    put(hub, "hall", "front", site="theirs")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("dialog:has-text('Somebody else has changed this plan')")
    page.get_by_role("button", name="Take theirs").click()
    page.wait_for_selector("header button.primary:disabled")
    assert page.input_value("input[name=site]") == "theirs"
    page.fill("input[name=site]", "mine")
    page.locator("input[name=site]").blur()
    put(hub, "hall", "front", site="theirs again")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Keep mine on top").click()
    page.wait_for_selector(".toast")
    assert hub.do(hub.services.plans.show("hall", None)).site == "mine"
    seen.complaints.clear()  # the browser notes that the hub answered 412


def test_what_is_no_drawing_is_refused_in_the_hubs_words(visit: Any, hub: RunningHub) -> None:
    put(hub, "shed")
    seen = visit("operator")
    page = seen.go("/plans/shed")
    page.set_input_files(
        "input[type=file]",
        {"name": "x.png", "mimeType": "image/png", "buffer": b"<svg onload='window.stolen=1'/>"},
    )
    page.wait_for_selector("p.wrong:not([hidden])")
    assert "PNG or a JPEG" in page.inner_text("p.wrong:not([hidden])")
    assert page.evaluate("window.stolen") is None
    seen.complaints.clear()  # the browser notes that the hub answered 422


def test_a_name_is_text_wherever_it_stands(visit: Any, hub: RunningHub) -> None:
    put(hub, EVIL, "front", site=EVIL)
    seen = visit("viewer")
    for path in ("/plans", EVIL_PATH, "/"):
        page = seen.go(path)
        page.wait_for_timeout(250)
        assert page.evaluate("window.stolen") is None, path
        assert page.locator("main img").count() == 0, path
    page = seen.go(EVIL_PATH)
    assert page.inner_text("h1") == EVIL
    hub.do(hub.services.plans.remove(EVIL, KEYBOARD, ""))


def test_a_viewer_looks_and_changes_nothing(visit: Any, hub: RunningHub) -> None:
    put(hub, "lobby", "front", "back")
    page = visit("viewer").go("/plans/lobby")
    page.wait_for_selector("a.pin")
    assert page.locator("a.pin").all_inner_texts() == ["front", "back"]
    assert page.locator("button.primary, input, select, .tools").count() == 0
    page.locator("a.pin >> nth=0").click()
    page.wait_for_selector("h1:has-text('front')")
    page.go_back()
    page.wait_for_selector("ul.list li >> nth=1")
    assert page.get_by_text("Offline").count() == 2


def test_who_sees_one_site_sees_its_part_of_a_plan(visit: Any, hub: RunningHub) -> None:
    put(hub, "lobby", "front", "back")
    put(hub, "oslo only", "front")
    seen = visit("olav")
    page = seen.go("/plans")
    assert page.locator(".plan-card figcaption a").all_inner_texts() == ["lobby"]
    assert seen.go("/plans/lobby").locator("a.pin").all_inner_texts() == ["back"]
    assert "no such thing" in seen.go("/plans/oslo%20only").inner_text("main")
    seen.complaints.clear()  # the browser notes that the hub answered 404


def test_a_plan_goes_when_it_is_removed(visit: Any, hub: RunningHub) -> None:
    put(hub, "attic")
    page = visit("operator").go("/plans/attic")
    page.get_by_role("button", name="Remove the plan").click()
    page.click("dialog button.danger")
    page.wait_for_selector("h1:has-text('Floor plans')")
    assert "attic" not in page.inner_text("main")


def test_whom_a_camera_sees_walks_over_the_plan(script: Any) -> None:
    floor = [[8, 0, 1], [0, 6, 1], [0, 0, 2]]
    function = """(module, floor) => {
      const cameras = [{ camera: "front", floor }, { camera: "pin" }];
      const people = new module.People({ cameras });
      const frame = (camera) => ({ camera, time_ns: Date.now() * 1e6 - 3e9,
        objects: [{ box: [0.4, 0.2, 0.6, 0.5], track: 1, label: "person" }] });
      people.hear(frame("front"));
      people.hear(frame("pin"));
      const moved = people.step(Date.now() + 9000);
      const drawn = [];
      const context = { beginPath() {}, fill() {}, stroke() {}, moveTo() {}, lineTo() {},
        arc: (x, y) => drawn.push([x, y]) };
      people.paint({ context, at: (x, y) => [x, y] }, { at: ([x, y]) => [x, y] });
      return { moved, drawn, sky: module.metres([[1, 0, 0], [0, 1, 0], [0, 1, -0.5]], 0.5, 0.4) };
    }"""
    found = script("floor/people.js", function, floor)
    assert found == {"moved": True, "drawn": [[2.5, 2]], "sky": None}
