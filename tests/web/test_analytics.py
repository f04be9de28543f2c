"""Analytics over a real hub: what is counted, compared, saved, and shown again by its link."""

import csv
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubkit import SECOND, Speaker
from hubrun import KEYBOARD, RunningHub, running_hub
from PIL import Image
from visits import settle, visits

from sightline.analytics.doubt import Doubt, written
from sightline.hub.plans.layout import Layout
from sightline.hub.twin.twins import Author
from sightline.web import mount
from sightline.wire.messages import Event, Measure

EVIL = "=1+<img src=x onerror=window.stolen=1>"
MINUTE = 60 * SECOND
GROUND = {
    "picture": [[0.05, 0.95], [0.95, 0.95], [0.7, 0.35], [0.3, 0.35]],
    "floor": [[1, 7], [9, 7], [9, 1], [1, 1]],
}


def doubt(crossings: int) -> Doubt:
    """Of those who came in at one camera."""
    return Doubt(crossings / 2, 0.3, 0.1)


def said(camera: str, now: int, crossings: int) -> list[Event | Measure]:
    """An hour ago and since: crossings, stays, a queue, a shelf and a danger."""
    told: list[Event | Measure] = [
        Event("line.crossed", now - (5 + i) * MINUTE, EVIL, camera, i, "person", (0.5, 0.5),
              {"direction": "in" if i % 2 else "out"})
        for i in range(crossings)
    ]  # fmt: skip
    start, end = now - 20 * MINUTE, now - 10 * MINUTE
    told += [
        Event("zone.left", end, "counter", camera, 1, "person", data={"dwell_s": 42.0}),
        Measure("line.count", EVIL, start, end, crossings // 2, camera,
                data={"direction": "in", **written(doubt(crossings))}),
        Measure("zone.dwell", "counter", start, end, 42.0, camera),
        Measure("zone.occupancy", "counter", start, end, 1.5, camera),
        Measure("queue.waiting", "till", start, end, 3, camera),
        Measure("queue.wait", "till", start, end, 65, camera),
        Event("queue.left", end, "till", camera, 2, "person", data={"wait_s": 65.0}),
        Measure("shelf.fill", "drinks", start, end, 0.5, camera,
                data={"cells": [1.0, 0.5, 0.5, 0.0], "columns": 2}),
        Event("shelf.out_of_stock", start, "drinks", camera, data={"cell": [1, 1]}),
        Event("hazard.running", start, "bay", camera, 3, "person"),
        Measure("hazard.exposure", "bay", start, end, 12, camera),
    ]  # fmt: skip
    return told


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    with running_hub(tmp_path_factory.mktemp("site"), mount) as running:
        settle(running, olav="site=bergen")
        now = time.time_ns()
        for camera, site, crossings in (("front", "oslo", 10), ("back", "bergen", 4)):
            running.enrol(camera, site=site)
            speaker = Speaker(camera, now_ns=now - SECOND)
            begin = now - 15 * MINUTE
            running.hear(
                speaker.announce(), speaker.say(*said(camera, now, crossings)),
                speaker.frames([2, 3, 1] * 100, begin),
            )  # fmt: skip
        author = Author("ada", now)
        running.do(running.services.twins.patch("front", {"ground": GROUND}, author))
        placed = [{"camera": "front", "x": 5, "y": 8}]
        layout = Layout.model_validate({"site": "oslo", "size": [10, 8], "cameras": placed})
        running.do(running.services.plans.put("shop", layout, KEYBOARD, ""))
        yield running


@pytest.fixture
def visit(browser: Any, hub: RunningHub) -> Iterator[Any]:
    with visits(browser, hub) as make:
        yield make


def tiles(page: Any) -> dict[str, str]:
    """What the tiles say, once every panel is there."""
    page.wait_for_selector("main .busy", state="detached")
    return {
        tile.query_selector(".label").inner_text(): tile.query_selector("strong").inner_text()
        for tile in page.query_selector_all(".tile")
    }


def saved(page: Any, panel: str, word: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f"#{panel}").get_by_role("button", name=word).click()
    return Path(download.value.path()).read_bytes()


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))


def test_every_question_has_its_panel(visit: Any) -> None:
    page = visit("viewer").go("/analytics?span=hour&vs=none")
    found = tiles(page)
    assert found["Came in"] == "7"
    low, high = doubt(10).beside(doubt(4)).counts()
    came = page.locator(".tile", has_text="Came in").inner_text()
    assert f"truly {low:.0f} to {high:.0f}" in came
    assert found["Went out"] == "7"
    assert found["Median stay"] == "42 s"
    assert found["Mean wait"] == "1 min 5 s"
    assert found["Dangers"] == "2"
    heads = page.locator("main section h2").all_inner_texts()
    assert heads == [
        "Visitors", "Occupancy", "Heat maps and flows", "How long visits are", "Queues", "Shelves",
        "Dangers",
    ]  # fmt: skip
    page.locator("#visitors summary").click()
    page.wait_for_selector("#visitors td")
    cells = page.locator("#visitors tbody tr >> nth=0").locator("td").all_inner_texts()
    assert (cells[:2], cells[3]) == (["front", EVIL], "5")


def test_sites_are_compared(visit: Any) -> None:
    page = visit("viewer").go("/analytics?span=hour&vs=cameras&q=site%3Doslo")
    page.fill("input[name=q2]", "site=bergen")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=against bergen")
    assert tiles(page)["Came in"] == "5"
    came = page.locator(".tile", has_text="Came in").inner_text()
    assert "+150%" in came
    rows = table(saved(page, "visitors", "CSV"))
    assert rows[0] == [
        "time", "in · oslo", "in · oslo, low end", "in · oslo, high end", "out · oslo",
        "in · bergen", "in · bergen, low end", "in · bergen, high end", "out · bergen",
    ]  # fmt: skip
    columns = [sum(float(row[at] or 0) for row in rows[1:]) for at in range(1, 9)]
    assert [columns[at] for at in (0, 3, 4, 7)] == [5, 5, 2, 2]
    assert columns[1:3] == pytest.approx(list(doubt(10).counts()))
    assert columns[5:7] == pytest.approx(list(doubt(4).counts()))


@pytest.mark.parametrize("panel", ["visitors", "occupancy", "dwell", "queues", "shelf", "hazards"])
def test_what_is_seen_is_saved(visit: Any, panel: str) -> None:
    page = visit("viewer").go("/analytics?span=hour&vs=none")
    page.wait_for_selector(f"#{panel} canvas")
    assert Image.open(io.BytesIO(saved(page, panel, "PNG"))).width > 300
    rows = table(saved(page, panel, "CSV"))
    assert len(rows) > 1
    lows = [at for at, name in enumerate(rows[0]) if name.endswith(", low end")]
    assert len(lows) == (panel == "visitors")
    if panel == "shelf":
        assert rows[1][0] == "row 2, column 2"


def test_heat_over_the_plan_and_over_a_cameras_view(visit: Any) -> None:
    page = visit("viewer").go("/analytics?span=hour&vs=none&show=heat")
    page.wait_for_selector("#heat .legend .ramp")
    assert page.locator("#heat select[name=plan]").input_value() == "shop"
    assert "m from the left" in page.inner_text("#heat")
    assert Image.open(io.BytesIO(saved(page, "heat", "PNG"))).width > 300
    rows = table(saved(page, "heat", "CSV"))
    assert rows[0][:4] == ["row", "column", "x", "y"]
    assert sum(float(row[4]) for row in rows[1:]) > 1
    assert saved(page, "heat", "Arrays")[:2] == b"PK"
    page.get_by_role("button", name="Flow").click()
    page.wait_for_selector("text=Arrows point where people go")
    page.select_option("#heat select[name=plan]", "view:back")
    page.wait_for_selector("text=% from the left")
    assert "layer=flow" in page.url
    assert "view%3Aback" in page.url
    page.select_option("#heat select[name=label]", "car")
    page.wait_for_url("**label=car**")


def test_the_link_shows_the_same_view_again(visit: Any, hub: RunningHub) -> None:
    seen = visit("viewer", permissions=["clipboard-read", "clipboard-write"])
    page = seen.go("/analytics?span=hour&vs=before&q=site%3Doslo&layer=flow&occupancy=view")
    before = tiles(page)
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector(".toast")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "span=" not in link
    page.goto(link)
    page.wait_for_selector("main:not([aria-busy]) h1")
    assert tiles(page) == before
    assert page.locator("input[name=q]").input_value() == "site=oslo"
    pressed = page.locator("button[aria-pressed=true]").all_inner_texts()
    assert {"Other", "Another time", "In view", "Flow"} <= set(pressed)


def test_a_query_that_means_nothing_says_where(visit: Any) -> None:
    seen = visit("viewer")
    page = seen.go("/analytics?q=site%3D")
    page.wait_for_selector("main p.wrong")
    page.fill("input[name=q]", "site=oslo")
    page.keyboard.press("Enter")
    page.wait_for_selector("#visitors")
    seen.complaints.clear()  # the browser notes that the hub answered 422


def test_who_sees_one_site_sees_nothing_of_another(visit: Any) -> None:
    page = visit("olav").go("/analytics?span=hour&vs=cameras&q2=site%3Doslo")
    assert tiles(page)["Came in"] == "2"
    page.locator("#visitors summary").click()
    page.wait_for_selector("#visitors td")
    assert "front" not in page.inner_text("main")
    assert page.locator("#heat select[name=plan] option").all_inner_texts() == [
        "back, its own view"
    ]


def test_what_nobody_counts_teaches_the_next_step(visit: Any) -> None:
    page = visit("viewer").go("/analytics?from=1000&to=2000&vs=none")
    assert tiles(page) == {"Dangers": "0"}
    assert page.get_by_text("Nothing of this in the range").count() == 5
    page.goto(page.url.partition("?")[0] + "?span=hour&vs=none&q=name%3Dnobody")
    page.wait_for_selector("text=Nothing was counted yet")


def test_the_events_of_a_range_and_site_are_saved_as_csv(visit: Any) -> None:
    page = visit("viewer").go("/analytics?span=day&q=site%3Doslo")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Events as CSV").click()
    text = Path(saved.value.path()).read_text()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["camera"] for row in rows} == {"front"}
    assert sum(row["kind"] == "line.crossed" for row in rows) == 10
