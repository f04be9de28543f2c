"""Somebody who is signed in to the dashboard, in a browser."""

from typing import Any

PASSWORD = "a sentence is easy"
PATIENCE_MS = 30_000


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
        self.page.wait_for_selector("main h1, main h2")
        return self.page
