"""The dashboard through a reverse proxy that speaks TLS: signing in, changing, looking live."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubrun import RunningHub, running_hub
from place import let_in
from proxy import Proxy, proxy
from visits import Visit, settle

from sightline.hub.api.access import COOKIE
from sightline.web import mount

BESIDE = "https://localhost:1/"


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Proxy]:
    with proxy(tmp_path_factory.mktemp("proxy")) as one:
        yield one


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, front: Proxy) -> Iterator[RunningHub]:
    folder: Path = tmp_path_factory.mktemp("site")
    with running_hub(folder, mount, url=front.url) as running:
        front.behind = int(running.url.rpartition(":")[2])
        settle(running)
        let_in(running, "front", {"site": "oslo"})
        yield running


@pytest.mark.parametrize(
    ("host", "tells"), [("", True), ("127.0.0.1", False)], ids=["a good one", "a silent one"]
)
def test_all_works_by_its_address(
    browser: Any, hub: RunningHub, front: Proxy, host: str, tells: bool
) -> None:
    front.host, front.tells = host, tells
    seen = Visit(browser, front.url, "operator", ignore_https_errors=True)
    [cookie] = [one for one in seen.context.cookies() if one["name"] == COOKIE]
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
    with seen.page.expect_websocket() as live:
        page = seen.go("/cameras/front")
    assert live.value.url.startswith(f"wss{front.url.removeprefix('https')}/api/v1/live")
    page.wait_for_timeout(300)
    assert not live.value.is_closed()
    page = seen.go("/fleet")
    page.click("text=Let a camera in")
    page.click("dialog button.primary")
    page.wait_for_selector("dialog pre")
    assert f"--hub {front.url} --token" in page.inner_text("dialog pre")
    seen.context.close()
    assert seen.complaints == []


def test_another_page_on_this_machine_is_refused(
    browser: Any, hub: RunningHub, front: Proxy
) -> None:
    """Cookies know no ports: a page beside the hub brings them along."""
    front.host, front.tells = "", True
    seen = Visit(browser, front.url, "operator", ignore_https_errors=True)
    page = seen.page
    page.route(f"{BESIDE}*", lambda route: route.fulfill(body="<p>", content_type="text/html"))
    page.goto(BESIDE)
    page.evaluate(
        """async (hub) => {
            const send = (path, body) => fetch(hub + path, {
                method: "POST", mode: "no-cors", credentials: "include", body: new Blob([body]),
            }).catch(() => {});
            await send("/api/v1/enrollment-tokens", "{}");
            await send("/api/v1/session", '{"name": "x", "password": "x"}');
        }""",
        front.url,
    )
    opened = page.evaluate(
        """(hub) => new Promise((told) => {
            const socket = new WebSocket(hub.replace("https", "wss") + "/api/v1/live");
            socket.onopen = () => told(true);
            socket.onerror = () => told(false);
        })""",
        front.url,
    )
    assert opened is False
    lines = hub.do(hub.services.people.audit(None, 50))
    assert "session.refused" not in {one.action for one in lines}
    seen.context.close()
