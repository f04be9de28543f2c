"""The converter's report: real ones, and what is none."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import ToolError
from sightline.tuning.imx500.memory_report import MemoryReport, find_report, read_report

# As converter 3.19 wrote them for a tiny network and for one that is too big.
SMALL = {
    "Name": "tiny", "Runtime Memory Physical Size": "336.03KB",
    "Model Memory Physical Size": "13.59KB", "Reserved Memory": "1.00KB",
    "Memory Usage": "350.63KB", "Total Memory Available On Chip": "8.00MB",
    "Memory Utilization": "5%", "Fit In Chip": True, "Input Persistent": True,
}  # fmt: skip
BIG = {
    **SMALL, "Name": "big", "Runtime Memory Physical Size": "5.77MB",
    "Model Memory Physical Size": "14.03MB", "Memory Usage": "19.80MB",
    "Memory Utilization": "248%", "Fit In Chip": False,
}  # fmt: skip


def written(folder: Path, report: dict[str, Any]) -> Path:
    path = folder / f"{report.get('Name', 'x')}_MemoryReport.json"
    path.write_text(json.dumps({"Memory Report": report}))
    return path


def test_real_reports(tmp_path: Path) -> None:
    assert read_report(written(tmp_path, SMALL)) == MemoryReport(13916, 344095, 359045, 5, True)
    big = read_report(written(tmp_path, BIG))
    assert (big.percent, big.fits, big.total) == (248, False, round(19.80 * 2**20))


def test_found_where_the_converter_leaves_it(tmp_path: Path) -> None:
    assert find_report(tmp_path) is None
    written(tmp_path, BIG)
    found = find_report(tmp_path)
    assert found is not None
    assert not found.fits


@pytest.mark.parametrize(
    "change", [{"Memory Usage": "lots"}, {"Memory Utilization": None}, {"Memory Usage": 4}]
)
def test_other_files_are_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(ToolError, match="not a memory report"):
        read_report(written(tmp_path, {**SMALL, **change}))


@given(st.binary(max_size=100))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    path = tmp_path_factory.mktemp("junk") / "x_MemoryReport.json"
    path.write_bytes(junk)
    with pytest.raises(ToolError):
        read_report(path)
