"""Debian's Chromium without a window, and somebody signed in to a hub in it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


@asynccontextmanager
async def chromium() -> AsyncIterator[Any]:
    """Open until the block is left."""
    from playwright.async_api import async_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield opened
        await opened.close()


async def signed_in(browser: Any, url: str, name: str, password: str) -> Any:
    """A page of the dashboard, as wide as a desk's screen."""
    context = await browser.new_context(viewport={"width": 1920, "height": 1080})
    page = await context.new_page()
    await page.goto(f"{url}/login")
    await page.fill("input[name=name]", name)
    await page.fill("input[name=password]", password)
    await page.click("button.primary")
    await page.wait_for_selector("nav.places")
    return page
