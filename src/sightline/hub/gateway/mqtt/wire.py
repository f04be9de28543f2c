"""What carries a session's bytes: TCP, TLS or a WebSocket."""

from __future__ import annotations

from typing import Protocol


class Wire(Protocol):
    """One connection. Methods return at once; after `close` nothing is received.

    remote       address and port of the other side
    certificate  DER of its TLS certificate where it showed one that the site's authority signed
    """

    remote: str
    certificate: bytes

    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def unread(self) -> int:
        """Bytes that were written and have not left."""
