"""No stored text becomes anything but text: every page over a hub that is full of attacks."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hostile import ALL, MARK, SHORT, TEXTS, answer_log, fill
from hubrun import RunningHub, running_hub
from visits import Visit, settle

from sightline.hub.settings import OidcSettings
from sightline.web import mount

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
    violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
# Whatever no page of ours makes: elements, attributes and addresses that run something.
FOREIGN = """(mark) => {
    const made = [mark, "iframe", "object", "embed", "base", "math", "b", "body script",
        "body style", "body link", "body meta", "form[action]", "[srcdoc]", "[formaction]",
        "img:not(.qr):not(.picture)", "svg:not([class]):not([viewBox])"].join();
    const places = ["href", "src", "action", "xlink:href", "data"];
    const runs = ({ name, value }) => name.startsWith("on")
        || (places.includes(name) && /^\\s*(javascript|vbscript|data:text)/i.test(value))
        || (name === "href" && new URL(value, location.href).origin !== location.origin);
    const all = [...document.querySelectorAll("*")];
    const wrong = all.filter((one) => [...one.attributes].some(runs));
    return [...document.querySelectorAll(made), ...wrong].map((one) => one.outerHTML.slice(0, 200));
}"""
# One button of each name, where it can be seen.
BUTTONS = """() => {
    const seen = [...document.querySelectorAll("main button")]
        .filter((one) => one.offsetParent && !one.disabled);
    const called = (one) => one.closest("td,li")
        ? one.className + one.innerText.slice(0, 20) : one.innerText + one.ariaLabel;
    return (window.buttons = [...new Map(seen.map((one) => [called(one), one])).values()]).length;
}"""
PRESS = "(at) => window.buttons?.[at]?.isConnected && window.buttons[at].click()"
CLOSE = "document.querySelectorAll('dialog').forEach((one) => one.close())"
NARROW, WIDE = 390, 1440

EVIL = quote(SHORT, safe="")
PAGES = (
    "/", "/wall", "/cameras/front", "/cameras/odd", "/cameras/liar", "/cameras/front/edit",
    "/cameras/odd/edit", "/cameras/liar/edit", "/analytics?span=hour", "/events",
    "/alerts?state=all", "/models", "/deployments", "/fleet", "/plans", f"/plans/{EVIL}",
    "/settings", "/settings/people", "/settings/tokens", "/settings/cameras", "/settings/retention",
    "/settings/privacy", "/settings/links", "/settings/audit",
    "/welcome",
)  # fmt: skip
SAYS_NOTHING = (
    "/settings", "/settings/retention", "/settings/privacy", "/wall", "/welcome",
    "/cameras/odd/edit",
)  # fmt: skip
WORDS = quote(TEXTS[1], safe="")
ADDRESSES = (
    f"/cameras/{EVIL}", f"/cameras/{EVIL}/edit", f"/plans/{WORDS}", f"/deployments/{EVIL}",
    f"/fleet?q={WORDS}", f"/fleet?q=site%3D%22{EVIL}%22", f"/wall?q=({WORDS}&n={EVIL}&from={EVIL}",
    f"/analytics?q=({WORDS}&q2={WORDS}&vs={EVIL}",
    f"/analytics?camera={EVIL}&plan={EVIL}&show={EVIL}",
    f"/events?camera={EVIL}&kind={WORDS}&span={EVIL}&from={EVIL}", f"/alerts?state={EVIL}",
    f"/deployments?model={WORDS}&to={WORDS}", f"/settings/{EVIL}", f"/nowhere/{WORDS}",
)  # fmt: skip
DOORS = (
    f"/login?to=javascript:stolen=1//{EVIL}&told={EVIL}", f"/setup?token={WORDS}",
    f"/login?to=//{EVIL}",
)  # fmt: skip


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    oidc = OidcSettings(name=ALL, issuer="https://id.invalid", client_id="x", client_secret="x")
    with running_hub(tmp_path_factory.mktemp("site"), mount, oidc=oidc) as running:
        settle(running)
        fill(running)
        yield running


@pytest.fixture(scope="module")
def signed_in(browser: Any, hub: RunningHub) -> Iterator[Visit]:
    seen = Visit(browser, hub.url, "ada", reduced_motion="reduce")
    seen.context.add_init_script(WATCH)
    seen.go("/settings")
    yield seen
    seen.context.close()


@pytest.fixture
def visit(signed_in: Visit) -> Visit:
    signed_in.complaints.clear()
    signed_in.page.set_viewport_size({"width": WIDE, "height": 1600})
    return signed_in


def harmless(seen: Visit) -> Any:
    """The page, of which nothing was run, refused, made or complained of."""
    page = seen.page
    assert page.evaluate(FOREIGN, MARK) == []
    assert page.evaluate("[window.stolen ?? null, window.violations ?? []]") == [None, []]
    assert [one for one in seen.complaints if not one.startswith("Failed to load resource")] == []
    return page


def fits(page: Any, width: int) -> bool:
    """Whether it is no wider than the screen, once charts have drawn themselves anew."""
    page.set_viewport_size({"width": width, "height": 1600})
    for _ in range(40):
        if page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            return True
        page.wait_for_timeout(100)
    return False


def press_all(seen: Visit, path: str) -> None:
    """Each button once; what it opens is looked at and closed again."""
    page = seen.page
    for at in range(page.evaluate(BUTTONS)):
        page.evaluate(PRESS, at)
        page.wait_for_timeout(40)
        harmless(seen)
        page.evaluate(CLOSE)
        if not page.url.endswith(path):
            seen.turn(path).wait_for_timeout(200)
            page.evaluate(BUTTONS)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_shows_it_as_text_whatever_is_pressed(visit: Visit, path: str) -> None:
    page = visit.turn(path)
    page.wait_for_timeout(300)
    page.wait_for_load_state("networkidle")
    harmless(visit)
    if path not in SAYS_NOTHING:
        assert f"<{MARK}>" in page.inner_text("main")
    for width in (WIDE, NARROW):
        assert fits(page, width), f"wider than {width}"
    page.set_viewport_size({"width": WIDE, "height": 1600})
    press_all(visit, path)


@pytest.mark.parametrize("path", ADDRESSES)
def test_what_an_address_says_is_text(visit: Visit, path: str) -> None:
    visit.turn(path).wait_for_timeout(200)
    harmless(visit)


@pytest.mark.parametrize("path", DOORS)
def test_what_is_told_at_the_door_is_text(browser: Any, hub: RunningHub, path: str) -> None:
    context = browser.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"{hub.url}{path}")
    page.wait_for_selector("input[name=password]")
    if "login" in path:
        page.wait_for_selector(f"a:has-text('<{MARK}>')")
    assert page.evaluate(FOREIGN, MARK) == []
    assert page.evaluate("[window.stolen ?? null, window.violations]") == [None, []]
    context.close()


@pytest.mark.parametrize("path", ["/events?span=hour", "/analytics?span=hour&vs=none&camera=front"])
def test_charts_and_their_tables(visit: Visit, path: str) -> None:
    page = visit.go(path)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.wait_for_load_state("networkidle")
    page.wait_for_selector(".chart canvas")
    for chart in page.locator(".chart").all():
        chart.scroll_into_view_if_needed()
        place = chart.bounding_box()
        for share in (0.5, 0.97, 0.985):
            page.mouse.move(place["x"] + share * place["width"], place["y"] + place["height"] / 2)
            page.wait_for_timeout(60)
            harmless(visit)
    assert f"<{MARK}>" in page.inner_text("main table >> nth=0")


def test_the_log_of_a_camera(visit: Visit, hub: RunningHub) -> None:
    page = visit.go("/cameras/front")
    with page.expect_response("**/commands") as asked:
        page.get_by_role("button", name="Read").first.click()
    answer_log(hub, "front", asked.value.json()["id"])
    page.wait_for_selector(".log pre")
    assert f"<{MARK}>" in page.inner_text(".log pre")
    harmless(visit)


@pytest.mark.parametrize("path", ["/models", f"/plans/{EVIL}"])
@pytest.mark.parametrize("name", [f"{SHORT}.slm", f"{TEXTS[1]}.png".replace("/", ":")])
def test_the_name_of_a_file(visit: Visit, path: str, name: str) -> None:
    page = visit.go(path)
    body = {"name": name, "mimeType": "image/svg+xml", "buffer": b"<svg onload='stolen=1'/>"}
    page.locator("main input[type=file]").set_input_files([body])
    page.wait_for_timeout(400)
    harmless(visit)
