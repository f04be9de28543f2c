"""A real browser and a real server for the dashboard."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from chromium import chromium, path
from fastapi import FastAPI

from sightline.web import mount
from sightline.web.assets import assets


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium of the system, driven by Playwright.

    Of a module and no longer: while it is open, its event loop counts as running, and no other
    test could run one.
    """
    if path() is None:
        pytest.skip("no chromium on this machine (apt-get install chromium)")
    pytest.importorskip("playwright.sync_api")
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def bare_server() -> Iterator[str]:
    """The dashboard's files alone, without a hub behind them."""
    app = FastAPI()
    mount(app)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


Script = Callable[..., Any]


@pytest.fixture
def script(browser: Any, bare_server: str) -> Iterator[Script]:
    """Runs a function of the browser with one of the dashboard's modules.

    script("editing/document.js", "(module) => …") returns what it returns.
    """
    page = browser.new_page()
    page.goto(f"{bare_server}/login")
    page.wait_for_selector("main", state="attached")  # by then all words are there
    base = f"/assets/{assets().version}/"

    def run(module: str, function: str, argument: Any = None) -> Any:
        code = f"async ([path, argument]) => ({function})(await import(path), argument)"
        return page.evaluate(code, [base + module, argument])

    yield run
    page.close()
