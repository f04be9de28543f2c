"""How a number that events carry is spread, such as how long people stayed.

The database hands the numbers over as one text, so that a million of them are little work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, Connection, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSON

from sightline.hub.store.events import Wanted, conditions
from sightline.hub.store.tables.events import events

MOST = 2_000_000  # numbers of one question


@dataclass(frozen=True, slots=True)
class Spread:
    """`counts` are of those below the first edge, from each edge to the next, from the last on.

    n         numbers that were found; where it is 0, those below mean nothing
    middle    the upper one of those in the middle
    complete  false where no more than the newest two million were looked at
    """

    n: int
    counts: list[int]
    low: float = 0.0
    middle: float = 0.0
    mean: float = 0.0
    high: float = 0.0
    complete: bool = True


def spread(
    connection: Connection, wanted: Wanted, key: str, edges: Sequence[float], most: int = MOST
) -> Spread:
    """Of the number `key` in the data of events; what is no number is left out. `edges` ascend."""
    value, is_number = _number(connection, key)
    those = (
        select(case((is_number, value)).label("value"))
        .where(*conditions(events, "time_ns", wanted), is_number)
        .order_by(events.c.time_ns.desc())
        .limit(most)
    ).subquery()
    text = connection.execute(select(func.aggregate_strings(those.c.value, ","))).scalar_one()
    values = np.array(text.split(","), np.float64) if text else np.empty(0)
    n = len(values)
    counts = np.bincount(np.searchsorted(edges, values, "right"), minlength=len(edges) + 1).tolist()
    if not n:
        return Spread(0, counts)
    middle = float(np.partition(values, n // 2)[n // 2])
    low, mean, high = float(values.min()), float(values.mean()), float(values.max())
    return Spread(n, counts, low, middle, mean, high, n < most)


def _number(connection: Connection, key: str) -> tuple[ColumnElement[str], ColumnElement[bool]]:
    """A number in JSON as text, and whether it is one."""
    if connection.dialect.name == "sqlite":
        place = literal(f"$.{key}")
        kind = func.json_type(events.c.data, place)
        return func.json_extract(events.c.data, place), kind.in_(("integer", "real"))
    item = cast(events.c.data, JSON)[key]
    return item.astext, func.json_typeof(item) == "number"
