"""Measures that are means over people: who adds them up needs the number and the total.

Over an interval their data has both, the number under the name given here and the total as
"total": a stay that goes on adds to the total of every interval, and to the number of its first.
"""

from __future__ import annotations

from collections.abc import Mapping

OVER: Mapping[str, str] = {"zone.dwell": "visits", "queue.wait": "served"}
