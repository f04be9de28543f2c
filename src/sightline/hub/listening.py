"""The socket at which the hub is found."""

from __future__ import annotations

import socket

from sightline.errors import ConfigError


def listening(host: str, port: int) -> socket.socket:
    """A socket of our own, so that port 0 is known before anything is printed."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"the hub cannot listen on {host}:{port}: {reason}; choose another with --listen"
        ) from None
    # Connections inherit it. asyncio sets it on sockets that it made itself only; without it the
    # end of an answer waits 40 ms for the asker's kernel to acknowledge its beginning.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
