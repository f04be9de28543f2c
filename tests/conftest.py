"""Fixtures shared by every test."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real models, videos and ground truth; tests skip where it is absent."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SIGHTLINE_DATA", beside))
    if not (folder / "README.md").is_file():
        pytest.skip("the sample data folder is absent (set SIGHTLINE_DATA to use one)")
    return folder
