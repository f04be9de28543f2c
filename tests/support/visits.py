"""People of a hub, and somebody of them who is signed in to the dashboard, in a browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hubrun import KEYBOARD, RunningHub

PASSWORD = "a sentence is easy"
PATIENCE_MS = 30_000
# A page whose hub takes its time stands before it is there.
THERE = "main:not([aria-busy]) :is(h1, h2)"
_TURN = "(to) => (history.pushState({}, '', to), dispatchEvent(new PopStateEvent('popstate')))"


class Visit:
    """A page of somebody who is signed in; `complaints` are the browser's."""

    def __init__(self, browser: Any, url: str, name: str, **context: Any) -> None:
        self.url = url
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)
        self.page.goto(f"{url}/login")
        self.page.fill("input[name=name]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("button.primary")
        self.page.wait_for_selector("nav.places")

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "401" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> Any:
        """Open a page and wait until it has a head."""
        self.page.goto(f"{self.url}{path}")
        self.page.wait_for_selector(THERE)
        return self.page

    def turn(self, path: str) -> Any:
        """Go to a page as the menu does, without loading all of it anew."""
        self.page.evaluate("document.querySelector('main').replaceChildren()")
        self.page.evaluate(_TURN, path)
        self.page.wait_for_selector(THERE)
        return self.page


def settle(hub: RunningHub, **scopes: str) -> None:
    """Let in `ada`, its administrator, one of each other role, and viewers of some cameras."""
    people = hub.services.people
    secret = hub.do(people.setup_link())
    assert secret
    hub.do(people.set_up(secret, "ada", PASSWORD, ""))
    for role in ("viewer", "operator"):
        hub.do(people.add_user(KEYBOARD, "", role, role, PASSWORD))
    for name, scope in scopes.items():
        hub.do(people.add_user(KEYBOARD, "", name, "viewer", PASSWORD, scope))


@contextmanager
def visits(browser: Any, hub: RunningHub) -> Iterator[Callable[..., Visit]]:
    """Visits that end with the block; no foreign markup may have run and no page complained."""
    opened: list[Visit] = []

    def make(name: str, **context: Any) -> Visit:
        opened.append(Visit(browser, hub.url, name, **context))
        return opened[-1]

    yield make
    for one in opened:
        assert one.page.evaluate("window.stolen") is None
        assert one.complaints == []
        one.context.close()
