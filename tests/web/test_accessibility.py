"""axe-core finds no serious fault on any page, dark or light, wide or narrow."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hubrun import RunningHub
from place import busy_place
from shopfloor import PLAN, furnish
from visits import Visit

WIDTHS = (390, 1440)
GRAVE = {"serious", "critical"}
SITES = "/analytics?span=day&vs=cameras&q=site%3Doslo&q2=site%3Dbergen"
PAGES = (
    "/", "/cameras/entrance", "/cameras/entrance/edit", "/analytics", SITES, "/events", "/alerts",
    "/fleet", "/wall", "/plans", f"/plans/{quote(PLAN)}", "/models", "/deployments", "/settings",
    "/settings/people", "/settings/tokens", "/settings/audit", "/welcome",
)  # fmt: skip


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    with busy_place(tmp_path_factory.mktemp("place"), days=1) as running:
        furnish(running, hours=1, days=1)
        yield running


@pytest.fixture(scope="module")
def axe() -> Any:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def faults(axe: Any, page: Any) -> list[str]:
    """What is grave, one sentence a rule."""
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: "
        + "; ".join(f"{node['target']} {_why(node)}" for node in one["nodes"][:4])
        for one in axe.run(page).response["violations"]
        if one["impact"] in GRAVE
    ]


def _why(node: dict[str, Any]) -> str:
    return " ".join(check["message"] for check in node["any"] + node["all"] + node["none"])


@pytest.fixture(scope="module")
def visit(browser: Any, hub: RunningHub) -> Iterator[Visit]:
    # The policy of the page would not let axe in; what is looked at is the same without it.
    seen = Visit(browser, hub.url, "ada", bypass_csp=True, reduced_motion="reduce")
    yield seen
    seen.context.close()


ALL = [(scheme, width) for scheme in ("light", "dark") for width in WIDTHS]
ACROSS = [("light", 390), ("dark", 1440)]  # what a page around it has shown in the other two


def looks(axe: Any, page: Any, which: list[tuple[str, int]] = ALL) -> dict[str, list[str]]:
    """Faults of a page as it stands, in each look that has any."""
    found = {}
    for scheme, width in which:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        if wrong := faults(axe, page):
            found[f"{scheme} {width}"] = wrong
    return found


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_grave_fault(visit: Visit, axe: Any, path: str) -> None:
    page = visit.go(path)
    page.wait_for_timeout(300)
    assert looks(axe, page) == {}


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/fleet", "Let a camera in"), ("/alerts", "Add a rule"), ("/alerts", "Add a channel"),
        ("/deployments", "Begin a rollout"), ("/settings/people", "Let somebody in"),
        ("/settings/tokens", "Make a token"), ("/plans", "Add a floor plan"),
    ],
)  # fmt: skip
def test_no_dialog_has_a_grave_fault(visit: Visit, axe: Any, path: str, button: str) -> None:
    page = visit.go(path)
    page.get_by_role("button", name=button).first.click()
    page.wait_for_selector("dialog[open]")
    assert looks(axe, page, ACROSS) == {}


def test_the_editor_has_none_with_something_in_hand(visit: Visit, axe: Any) -> None:
    page = visit.go("/cameras/entrance/edit")
    page.get_by_role("button", name="middle").first.click()
    page.wait_for_selector("input[name=name]")
    assert looks(axe, page, ACROSS) == {}


@pytest.mark.parametrize("path", ["/login", "/setup?token=one"])
def test_the_door_has_no_grave_fault(browser: Any, hub: RunningHub, axe: Any, path: str) -> None:
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{hub.url}{path}")
    page.wait_for_selector("input[name=password]")
    assert looks(axe, page) == {}
    context.close()


def test_a_fault_would_be_found(browser: Any, hub: RunningHub, axe: Any) -> None:
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{hub.url}/login")
    page.wait_for_selector("input[name=password]")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any("button-name" in one for one in faults(axe, page))
    context.close()
