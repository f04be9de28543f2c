"""The page of benchmarks: figures are written anew, what people wrote about them stays."""

from pathlib import Path

import pytest
from benchmarks.base import Row
from benchmarks.report import rewritten

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def test_a_run_replaces_its_figures_and_nothing_else() -> None:
    text = PAGE.read_text(encoding="utf-8")
    first = rewritten(text, [Row("as quick as light", 2.0, "ms", target=3.0)], 0.1)
    assert "| as quick as light | 2.00 ms |" in first
    assert "## Live" in first
    assert "The rows that miss, and why." in first
    again = rewritten(first, [Row("as slow as stone", 4.0, "ms", target=3.0)], 0.1)
    assert "as quick as light" not in again
    assert again.replace("as slow as stone | 4.00 ms |  |  |  | ≤ 3 | NO", "") == first.replace(
        "as quick as light | 2.00 ms |  |  |  | ≤ 3 | yes", ""
    )


def test_a_page_without_a_place_for_figures_is_left_alone() -> None:
    with pytest.raises(ValueError, match="put them back"):
        rewritten("# Benchmarks\n", [], 0.1)
