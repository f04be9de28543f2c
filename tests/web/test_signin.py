"""A person goes to the provider and comes back signed in, in a real browser."""

from pathlib import Path
from typing import Any

from hubrun import KEYBOARD, running_hub
from oidcprovider import CLIENT, SECRET, provider

from sightline.hub.settings import OidcSettings
from sightline.web import mount


def test_from_the_page_to_the_provider_and_back(browser: Any, tmp_path: Path) -> None:
    with provider() as told:
        told.claims = {"sub": "1", "preferred_username": "ada", "groups": ["staff"]}
        oidc = OidcSettings(
            name="The House", issuer=told.url, client_id=CLIENT, client_secret=SECRET,
            roles={"staff": "viewer"},
        )  # fmt: skip
        with running_hub(tmp_path / "site", oidc=oidc) as hub:
            mount(hub.hub.app)
            hub.do(hub.services.people.add_user(KEYBOARD, "", "root", "admin", "long enough now"))
            page = browser.new_context().new_page()
            page.goto(f"{hub.url}/login")
            page.get_by_role("link", name="Sign in with The House").click()
            page.wait_for_url(f"{hub.url}/")
            me = page.evaluate("async () => (await fetch('/api/v1/me')).json()")
            page.context.close()
    assert (me["name"], me["role"]) == ("ada", "viewer")
