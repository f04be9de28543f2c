"""axe-core finds no serious fault on any page, dark or light, wide or narrow."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hubrun import KEYBOARD, RunningHub
from place import busy_place, staffed_place
from shopfloor import PLAN, furnish
from visits import Visit

from sightline.cli.demo_cameras import demo_package
from sightline.hub.alerts.rules import FleetRule
from sightline.hub.deployments.plan import Plan

WIDTHS = (390, 1440)
EMPTY = ("/", "/wall", "/analytics", "/events", "/alerts", "/fleet", "/plans", "/models",
         "/deployments")  # fmt: skip
GRAVE = {"serious", "critical"}
SITES = "/analytics?span=day&vs=cameras&q=site%3Doslo&q2=site%3Dbergen"
PAGES = (
    "/", "/cameras/entrance", "/cameras/entrance/edit", "/analytics", SITES, "/events", "/alerts",
    "/fleet", "/wall", "/plans", f"/plans/{quote(PLAN)}", "/models", "/deployments", "/settings",
    "/settings/people", "/settings/tokens", "/settings/retention", "/settings/privacy",
    "/settings/links", "/settings/audit", "/welcome",
)  # fmt: skip


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    with busy_place(tmp_path_factory.mktemp("place"), days=1) as running:
        furnish(running, hours=1, days=1)
        _busy_hands(running, tmp_path_factory.mktemp("package"))
        yield running


def _busy_hands(hub: RunningHub, folder: Path) -> None:
    """What only people bring: a package, a rollout that is under way, an alert that is told."""
    services = hub.services
    package = demo_package(folder).read_bytes()

    async def body() -> AsyncIterator[bytes]:
        yield package

    hub.do(services.models.take(body(), KEYBOARD, ""))
    plan = Plan("name=entrance", patch={"detect": {"score": 0.4}}, watch_s=3600, gate={"fps": 0.5})
    hub.do(services.deployments.begin(plan, KEYBOARD, ""))
    hook = {"url": "https://example.org/hook", "secret": "sixteen and more characters"}
    hub.do(services.alerts.put_channel("office", "webhook", hook, KEYBOARD, ""))
    rule = FleetRule("warm", "health.temperature > 1", "name=entrance", channels=("office",))
    hub.do(services.alerts.put_rule(rule, KEYBOARD, ""))


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


def test_a_rollout_under_way_has_none(visit: Visit, axe: Any) -> None:
    page = visit.go("/deployments")
    page.locator("td a").first.click()
    page.wait_for_selector(".story li")
    page.locator("summary").click()
    assert looks(axe, page) == {}


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_grave_fault(visit: Visit, axe: Any, path: str) -> None:
    page = visit.go(path)
    page.wait_for_timeout(300)
    assert looks(axe, page) == {}


def _press(button: str) -> Callable[[Any], None]:
    return lambda page: page.get_by_role("button", name=button).first.click()


def _given_a_command(page: Any) -> None:
    _press("Let a camera in")(page)
    page.click("dialog button.primary")
    page.wait_for_selector("dialog .qr")


def _chosen(button: str) -> Callable[[Any], None]:
    def ask(page: Any) -> None:
        page.locator("td input[type=checkbox]").first.check()
        _press(button)(page)

    return ask


def _two_at_once(page: Any) -> None:
    """What somebody sees who saves what another has changed meanwhile."""
    page.fill("input[name=site]", "mine")
    page.locator("input[name=site]").blur()
    page.route("**/api/v1/plans/*", _stale)
    _press("Save")(page)


def _stale(route: Any) -> None:
    if route.request.method == "PUT":
        route.fulfill(status=412, json={"title": "Stale", "detail": "read it again"})
    else:
        route.continue_()


WINDOWS: dict[str, tuple[str, Callable[[Any], None]]] = {
    "let a camera in": ("/fleet", _press("Let a camera in")),
    "a command and its code": ("/fleet", _given_a_command),
    "tags": ("/fleet", _chosen("Tag")),
    "shut out": ("/fleet", _chosen("Shut out")),
    "a new rule": ("/alerts", _press("Add a rule")),
    "a rule": ("/alerts", _press("Change")),
    "a new channel": ("/alerts", _press("Add a channel")),
    "who was told": ("/alerts", _press("Who was told")),
    "a rollout": ("/deployments", _press("Begin a rollout")),
    "forget a package": ("/models", _press("Forget")),
    "a new person": ("/settings/people", _press("Let somebody in")),
    "a person": ("/settings/people", _press("Change")),
    "how long to keep": ("/settings/retention", _press("Change")),
    "one that keeps otherwise": ("/settings/retention", _press("Keep otherwise")),
    "a token": ("/settings/tokens", _press("Make a token")),
    "a floor plan": ("/plans", _press("Add a floor plan")),
    "two at one plan": (f"/plans/{quote(PLAN)}", _two_at_once),
    "replay": ("/events", _press("Replay")),
}


@pytest.mark.parametrize("window", WINDOWS)
def test_no_window_has_a_grave_fault(visit: Visit, axe: Any, window: str) -> None:
    path, opens = WINDOWS[window]
    page = visit.go(path)
    opens(page)
    page.wait_for_selector("dialog[open] h2")
    assert looks(axe, page, ACROSS) == {}
    page.unroute_all()


def test_what_a_telephone_keeps_behind_more_has_none(visit: Visit, axe: Any) -> None:
    page = visit.go("/")
    page.set_viewport_size({"width": 390, "height": 844})
    _press("More")(page)
    page.wait_for_selector("dialog[open] ul.rest")
    assert looks(axe, page, [("light", 390), ("dark", 390)]) == {}


def test_a_package_that_was_taken_in_has_none(visit: Visit, axe: Any, tmp_path: Path) -> None:
    page = visit.go("/models")
    page.set_input_files("input[type=file]", str(demo_package(tmp_path, ("other", "1.0.0"))))
    page.wait_for_selector("dialog .checks")
    assert looks(axe, page, ACROSS) == {}
    page.get_by_role("button", name="Close").last.click()
    (tmp_path / "no.slm").write_text("no package")
    page.set_input_files("input[type=file]", str(tmp_path / "no.slm"))
    page.wait_for_selector("dialog:has-text('refused')")
    assert looks(axe, page, ACROSS) == {}


def test_pages_with_nothing_on_them_have_none(browser: Any, axe: Any, tmp_path: Path) -> None:
    with staffed_place(tmp_path) as empty:
        seen = Visit(browser, empty.url, "ada", bypass_csp=True, reduced_motion="reduce")
        for path in (*EMPTY, "/nowhere"):
            page = seen.go(path)
            page.wait_for_selector("main .empty")
            assert looks(axe, page, ACROSS) == {}, path
        seen.context.close()


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
