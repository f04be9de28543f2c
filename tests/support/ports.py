"""Ports that stay free while nobody listens on them."""

from __future__ import annotations

import random
import socket


def free_ports(count: int) -> int:
    """The first of so many free ports in a row.

    Below those that outgoing connections get: a client that calls a port of those while its
    server is away may be given it as its own, and then speaks to itself.
    """
    while True:
        first = random.randrange(15_000, 30_000)
        if all(_free(first + i) for i in range(count)):
            return first


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
