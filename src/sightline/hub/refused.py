"""What the hub says no to, with the HTTP status that says it.

InputError
└── Refused        422  what was sent cannot be meant
    ├── Unknown    404  there is no such thing
    ├── Denied     403  it is there, but not for this one
    ├── Taken      409  something else stands there already, or it is too late
    └── Stale      412  it was changed since it was read
"""

from __future__ import annotations

from typing import ClassVar

from sightline.errors import InputError


class Refused(InputError):
    """What was sent cannot be meant; nothing was changed."""

    status: ClassVar[int] = 422


class Unknown(Refused):
    """There is no such thing."""

    status = 404


class Denied(Refused):
    """Not for this one."""

    status = 403


class Taken(Refused):
    """Something else stands there already, or the moment has passed."""

    status = 409


class Stale(Refused):
    """It was changed since it was read; read it again."""

    status = 412
