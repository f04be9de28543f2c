"""`python -m benchmarks [NAME…] [--data DIR]`: one table of ratios; see docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from pathlib import Path

from benchmarks.base import Finding
from benchmarks.inputs import Inputs
from benchmarks.report import rewritten, show
from benchmarks.suite import SUITE

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    """Run what was named, or everything; only a run of everything becomes the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SUITE))
    parser.add_argument("--data", help="folder of sample data [SIGHTLINE_DATA]")
    given = parser.parse_args()
    if unknown := set(given.names) - set(SUITE):
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(SUITE)}")
    warnings.simplefilter("ignore")
    load = os.getloadavg()[0]
    if load > (os.cpu_count() or 1) / 2:
        print(f"the machine is busy (load {load:.1f}): figures will be too high", file=sys.stderr)
    inputs = Inputs.found(given.data)
    findings: list[Finding] = []
    for name in given.names or SUITE:
        print(f"{name} …", file=sys.stderr, flush=True)
        findings += SUITE[name](inputs)
    show(findings)
    if not given.names:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(rewritten(text, findings, load), encoding="utf-8")
        print(f"written into {PAGE.relative_to(PAGE.parents[1])}", file=sys.stderr)


if __name__ == "__main__":
    main()
