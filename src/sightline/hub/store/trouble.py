"""What goes wrong with a disk or a database server, as our own errors."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from sightline.errors import OutputError

# Classes of SQLSTATE that say something about the server and nothing about what was written.
_PASSING = ("08", "25", "40", "53", "55", "57", "58", "XX")
_FULL = ("disk is full", "disk full", "53100", "No space left")


class StoreFull(OutputError):
    """Nothing more can be stored until something was deleted; nothing that was stored is lost."""

    def __init__(self) -> None:
        super().__init__(
            "the hub's disk is full: cameras keep what they see until there is room again; "
            "free some space or shorten the retention"
        )


def translated(error: Exception) -> Exception:
    """A full disk as StoreFull; everything else as it is."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull()
    if isinstance(error, DBAPIError) and any(word in str(error.orig) for word in _FULL):
        return StoreFull()
    return error


def passes(error: Exception) -> bool:
    """Whether the same work may succeed later: the disk is full, or the server is away."""
    if isinstance(error, (StoreFull, OperationalError, InterfaceError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    told = error.orig.args[0] if error.orig is not None and error.orig.args else None
    state = str(told.get("C", "")) if isinstance(told, dict) else ""
    return error.connection_invalidated or state.startswith(_PASSING)
