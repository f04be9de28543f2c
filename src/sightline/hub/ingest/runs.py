"""The runs of cameras that are being heard: loaded when first heard of, saved with what came."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from sightline.hub.store.bulk import insert_rows
from sightline.hub.store.deliveries import Deliveries, Verdict
from sightline.hub.store.tables.delivery import boots, gaps

_MOST_KEPT = 8192
_COLUMNS = (
    "camera", "boot", "next_sequence", "received", "duplicates", "late", "lost_frames",
    "lost_events", "lost_measures", "first_ns", "last_ns", "offset_ns", "skew_ns",
)  # fmt: skip
_SAVED = ", ".join(f'"{name}" = excluded."{name}"' for name in _COLUMNS[2:])


@dataclass(slots=True)
class Run:
    """One run of a camera; see `store.tables.delivery.boots`."""

    camera: str
    boot: str
    deliveries: Deliveries
    first_ns: int
    last_ns: int = 0
    received: int = 0
    duplicates: int = 0
    late: int = 0
    lost_frames: int = 0
    lost_events: int = 0
    lost_measures: int = 0
    offset_ns: int = 0
    skew_ns: int | None = None

    def take(self, sequence: int, arrived_ns: int) -> Verdict:
        """Count a parcel. Raises InputError for numbers that cannot be true."""
        verdict = self.deliveries.take(sequence)
        self.received += verdict is not Verdict.DUPLICATE
        self.duplicates += verdict is Verdict.DUPLICATE
        self.late += verdict is Verdict.LATE
        self.last_ns = arrived_ns
        return verdict

    def row(self) -> tuple[object, ...]:
        return (
            self.camera, self.boot, self.deliveries.next, self.received, self.duplicates,
            self.late, self.lost_frames, self.lost_events, self.lost_measures, self.first_ns,
            self.last_ns, self.offset_ns, self.skew_ns,
        )  # fmt: skip


class Runs:
    """Lives in the writer's thread. After a transaction that failed, `forget` what it changed."""

    def __init__(self) -> None:
        self._runs: OrderedDict[tuple[str, str], Run] = OrderedDict()
        self._touched: dict[tuple[str, str], Run] = {}

    def get(self, connection: Connection, camera: str, boot: str, arrived_ns: int) -> Run:
        """The run, which is saved at the end of the batch."""
        key = (camera, boot)
        run = self._runs.get(key)
        if run is None:
            run = _load(connection, camera, boot) or Run(camera, boot, Deliveries(), arrived_ns)
            self._runs[key] = run
        self._runs.move_to_end(key)
        self._touched[key] = run
        return run

    def save(self, connection: Connection) -> None:
        """Write what the batch changed."""
        touched, self._touched = self._touched, {}
        rows = [run.row() for run in touched.values()]
        conflict = f'ON CONFLICT ("camera", "boot") DO UPDATE SET {_SAVED}'
        insert_rows(connection, boots, _COLUMNS, rows, conflict)
        for run in touched.values():
            if run.deliveries.gaps_changed:
                _save_gaps(connection, run)
        while len(self._runs) > _MOST_KEPT:
            self._runs.popitem(last=False)

    def forget(self) -> None:
        """Read them from the database again."""
        self._runs.clear()
        self._touched.clear()


def _load(connection: Connection, camera: str, boot: str) -> Run | None:
    query = select(boots).where(boots.c.camera == camera, boots.c.boot == boot)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    holes = connection.execute(
        select(gaps.c.first, gaps.c.last, gaps.c.lost)
        .where(gaps.c.camera == camera, gaps.c.boot == boot)
        .order_by(gaps.c.first)
    )
    known = Deliveries(row["next_sequence"], [(a, b, bool(lost)) for a, b, lost in holes])
    rest = {name: row[name] for name in _COLUMNS[3:]}
    return Run(camera=camera, boot=boot, deliveries=known, **rest)


def _save_gaps(connection: Connection, run: Run) -> None:
    mine = (gaps.c.camera == run.camera) & (gaps.c.boot == run.boot)
    connection.execute(delete(gaps).where(mine))
    rows = [(run.camera, run.boot, a, b, run.last_ns, lost) for a, b, lost in run.deliveries.gaps]
    insert_rows(connection, gaps, ("camera", "boot", "first", "last", "changed_ns", "lost"), rows)
    run.deliveries.gaps_changed = False
