"""What goes wrong with a disk or a database server, as our own errors."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError

from sightline.errors import OutputError

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
