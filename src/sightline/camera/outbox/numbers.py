"""Numbers of parcels, and what had to be given up, in the outbox's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from sightline.camera.outbox.draft import Losses


def begin(db: sqlite3.Connection, boot: str) -> None:
    """A new run of the camera; runs of which nothing waits any more are forgotten."""
    db.execute("INSERT OR IGNORE INTO boots VALUES (?, 0)", (boot,))
    db.execute(
        "DELETE FROM boots WHERE boot != ? AND boot NOT IN "
        "(SELECT boot FROM parcels UNION SELECT boot FROM losses)",
        (boot,),
    )


def following(db: sqlite3.Connection, boot: str) -> int:
    """The next number of a boot."""
    query = "UPDATE boots SET next = next + 1 WHERE boot = ? RETURNING next - 1"
    return int(db.execute(query, (boot,)).fetchone()[0])


def give(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Number parcels that waited without a number."""
    for id in ids:
        boot = db.execute("SELECT boot FROM parcels WHERE id = ?", (id,)).fetchone()[0]
        sequence = following(db, boot)
        db.execute("UPDATE parcels SET sequence = ? WHERE id = ?", (sequence, id))


def lose(db: sqlite3.Connection, id: int) -> Losses:
    """Remember that this parcel is given up; how much is in it."""
    boot, sequence, *held = db.execute(
        "SELECT boot, sequence, frames, events, measures FROM parcels WHERE id = ?", (id,)
    ).fetchone()
    add(db, boot, Losses(*held), sequence)
    return Losses(*held)


def add(db: sqlite3.Connection, boot: str, lost: Losses, sequence: int | None = None) -> None:
    """Remember that something of this boot is given up."""
    db.execute(
        "INSERT INTO losses VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (boot) DO UPDATE SET "
        "frames = frames + ?2, events = events + ?3, measures = measures + ?4, "
        "first = COALESCE(MIN(first, ?5), first, ?5), last = COALESCE(MAX(last, ?5), last, ?5)",
        (boot, lost.frames, lost.events, lost.measures, sequence),
    )


def told_losses(db: sqlite3.Connection) -> list[tuple[str, bytes]]:
    """Boot and body of a parcel for each boot that lost something; they are forgotten here.

    Where nothing that had a number was lost, there is no hole, and the range is empty of any.
    """
    rows = db.execute("SELECT boot, frames, events, measures, first, last FROM losses").fetchall()
    db.execute("DELETE FROM losses")
    bodies = []
    for boot, frames, events, measures, first, last in rows:
        own = db.execute("SELECT next FROM boots WHERE boot = ?", (boot,)).fetchone()[0]
        numbers = {"first": own if first is None else first, "last": own if last is None else last}
        counts = {"frames": frames, "events": events, "measures": measures}
        bodies.append((boot, msgspec.json.encode(counts | numbers)))
    return bodies
