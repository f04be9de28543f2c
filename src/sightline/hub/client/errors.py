"""What goes wrong between a client and its hub.

SightlineError
├── HubRefused   the hub said no, in its own sentence        exit 2
└── HubAway      nobody answers there, or nobody we trust    exit 1
"""

from __future__ import annotations

from typing import ClassVar

from sightline.errors import SightlineError


class HubRefused(SightlineError):
    """The hub said no. `status` is that of HTTP, `problem` all that it told."""

    exit_code: ClassVar[int] = 2

    def __init__(self, status: int, problem: dict[str, object]) -> None:
        told = problem.get("detail") or problem.get("title") or f"HTTP status {status}"
        super().__init__(f"the hub refuses: {told}")
        self.status = status
        self.problem = problem


class HubAway(SightlineError):
    """Nobody answers at that address."""
