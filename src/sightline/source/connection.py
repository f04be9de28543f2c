"""One connection to something live, and the words for why it failed."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from sightline.source.notice import Notice
from sightline.source.reader import Decoded


class Lost(Exception):
    """A connection that could not be made or is over.

    reason    in words, without the address
    hopeless  trying again will not help: the address or the password is wrong
    """

    def __init__(self, reason: str, hopeless: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hopeless = hopeless


@dataclass(frozen=True, slots=True)
class Promise:
    """What a connection says of itself. A recording is one that has a known end."""

    fps: float
    recording: bool = False
    frames: int = 0


class Connection(Protocol):
    """Pictures until it fails. Made, read and closed by one and the same thread."""

    promise: Promise

    def media_ns(self, pts: int | None) -> int | None:
        """The stamp of a picture in nanoseconds; None where it says nothing about time."""
        ...

    def pictures(self) -> Generator[Decoded | Notice | None]:
        """Pictures as they come, None for what was left out on purpose; raises Lost.

        Returns only where a recording is over.
        """
        ...

    def close(self) -> None: ...
