"""`python -m benchmarks.hub [--seconds N] [--cameras N] [--only load|flood|query]`.

A hub under the load of a fleet, how many messages it takes at most beside a Mosquitto whose
subscriber writes nothing, and how long a day of minutes takes to read. Everything on loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

from benchmarks.hub import flood, load, query
from benchmarks.report import show


def main() -> None:
    """Run what was named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hub", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--cameras", type=int, default=1000)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--only", choices=["load", "flood", "query"])
    given = parser.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    findings = []
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        place = Path(folder)
        if given.only in (None, "load"):
            findings += asyncio.run(
                load.run(place / "load", given.cameras, given.people, given.seconds)
            )
        if given.only in (None, "flood"):
            findings += asyncio.run(flood.run(place / "flood"))
        if given.only in (None, "query"):
            findings += asyncio.run(query.run(place / "query"))
    show(findings)


if __name__ == "__main__":
    main()
