"""A site that each test starts anew, and whose processes end with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A hub on loopback."""
    yield from _run(Site(tmp_path))


@pytest.fixture
def safe_site(tmp_path: Path) -> Iterator[Site]:
    """A hub with an authority of its own."""
    yield from _run(Site(tmp_path, tls=True))


def _run(made: Site) -> Iterator[Site]:
    try:
        made.start_hub()
        yield made
    finally:
        made.kill_all()
