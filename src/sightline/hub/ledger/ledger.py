"""The hub's copy of every camera's egress ledger: verified as it comes, entry by entry."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import Connection, func, insert, select, update

from sightline.errors import InputError
from sightline.hub.ingest.feed import LedgerArrived
from sightline.hub.store.tables.ledger import ledger
from sightline.hub.store.tables.registry import cameras
from sightline.wire.egress import Sealed, follows, open_sealed, public


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry. `fault` says why it does not fit what stands before it, mostly nothing."""

    number: int
    start_ns: int
    end_ns: int
    policies: tuple[str, ...]
    sent: dict[str, dict[str, int]]
    pictures: list[dict[str, Any]]
    unclean: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Egress:
    """What left a camera in a range, by class of data.

    released  pictures by the policy that let them out
    whole     every entry from the first on is here, signed by the camera, without a gap
    fault     the first reason why not
    until_ns  to which the ledger reaches
    """

    sent: dict[str, dict[str, int]]
    pictures: int
    policies: list[str]
    entries: int
    until_ns: int
    whole: bool
    fault: str
    released: dict[str, int] = field(default_factory=dict)


def keep_entries(connection: Connection, arrived: Sequence[LedgerArrived]) -> None:
    """Store entries in the transaction that acknowledges them; a doubtful one with its fault."""
    for item in arrived:
        try:
            sealed = open_sealed(item.entry, f"camera {item.camera}")
        except InputError:
            continue  # a camera that signs nothing has said nothing; the gap will show
        entry = sealed.entry
        if entry.number < 0:
            continue
        mine = (ledger.c.camera == item.camera) & (ledger.c.number == entry.number)
        here = connection.execute(select(ledger.c.digest, ledger.c.fault).where(mine)).first()
        if here is not None:
            if here.digest != sealed.digest and not here.fault:
                # Its end was cut off and written anew, or another camera has taken its name.
                fault = f"entry {entry.number} came a second time with other contents"
                connection.execute(update(ledger).where(mine).values(fault=fault))
            continue
        row = {
            "camera": item.camera, "number": entry.number, "digest": sealed.digest,
            "start_ns": entry.start_ns, "end_ns": entry.end_ns, "pictures": len(entry.pictures),
            "line": sealed.line, "arrived_ns": time.time_ns(),
            "fault": _fault(connection, item.camera, sealed)[:300],
        }  # fmt: skip
        connection.execute(insert(ledger).values(row))


def entries(connection: Connection, camera: str, before: int, limit: int) -> list[EntryView]:
    """The newest first; `before` is a number."""
    query = (
        select(ledger)
        .where(ledger.c.camera == camera, ledger.c.number < before)
        .order_by(ledger.c.number.desc())
        .limit(limit)
    )
    found = []
    for row in connection.execute(query):
        entry = open_sealed(row.line, camera).entry
        found.append(
            EntryView(
                entry.number, entry.start_ns, entry.end_ns, entry.policies,
                {kind: asdict(item) for kind, item in entry.sent.items()},
                [asdict(picture) for picture in entry.pictures], entry.unclean, row.fault,
            )
        )  # fmt: skip
    return found


def lines(connection: Connection, camera: str, after: int, limit: int) -> list[bytes]:
    """Entries as the camera signed them, in order, for who wants to verify them himself."""
    query = (
        select(ledger.c.line)
        .where(ledger.c.camera == camera, ledger.c.number > after)
        .order_by(ledger.c.number)
        .limit(limit)
    )
    return [row.line for row in connection.execute(query)]


def egress(connection: Connection, camera: str, from_ns: int, to_ns: int) -> Egress:
    """Sums over the entries that reach into a range."""
    here = ledger.c.camera == camera
    inside = (ledger.c.end_ns >= from_ns) & (ledger.c.start_ns < to_ns)
    sent: dict[str, dict[str, int]] = {}
    policies: set[str] = set()
    released: Counter[str] = Counter()
    count = pictures = 0
    for row in connection.execute(select(ledger.c.line).where(here, inside)):
        entry = open_sealed(row.line, camera).entry
        count, pictures = count + 1, pictures + len(entry.pictures)
        policies |= set(entry.policies)
        released.update(picture.policy for picture in entry.pictures)
        for kind, item in entry.sent.items():
            total = sent.setdefault(kind, {"messages": 0, "bytes": 0})
            total["messages"] += item.messages
            total["bytes"] += item.bytes
    number, until_ns, known = connection.execute(
        select(func.max(ledger.c.number), func.max(ledger.c.end_ns), func.count()).where(here)
    ).one()
    fault = _first_fault(connection, camera, known, -1 if number is None else number)
    told = (sent, pictures, sorted(policies), count, until_ns or 0)
    return Egress(*told, not fault, fault, released)


def _first_fault(connection: Connection, camera: str, known: int, newest: int) -> str:
    told = connection.execute(
        select(ledger.c.fault)
        .where(ledger.c.camera == camera, ledger.c.fault != "")
        .order_by(ledger.c.number)
        .limit(1)
    ).scalar_one_or_none()
    if told:
        return str(told)
    missing = newest + 1 - known
    return f"{missing} entries have not arrived" if missing else ""


def _fault(connection: Connection, camera: str, sealed: Sealed) -> str:
    entry, origin = sealed.entry, f"the ledger of {camera}"
    pem = connection.execute(
        select(cameras.c.public_key).where(cameras.c.name == camera)
    ).scalar_one_or_none()
    if pem is not None:
        key = cast("EllipticCurvePublicKey", load_pem_public_key(pem.encode()))
        if entry.key != public(key):
            return f"entry {entry.number} is signed with another key than the camera's"
    if entry.camera != camera:
        return f"entry {entry.number} is of another camera"
    before = connection.execute(
        select(ledger.c.line).where(ledger.c.camera == camera, ledger.c.number == entry.number - 1)
    ).scalar_one_or_none()
    if before is None and entry.number:
        return ""  # it may still come; the count tells
    try:
        follows(sealed, open_sealed(before, origin) if before else None, origin)
    except InputError as error:
        return str(error)
    return ""
