"""How much one camera, and all of them together, may ask of the gateway."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What connections may use. A limit on what is in flight is met by not reading on.

    packet            bytes of one packet, and of one before the sign-in
    messages, bytes   of one connection that are taken and not yet stored
    total_bytes       of all connections together
    unread_bytes      sent and not taken by a camera; beyond, it is cut
    sign_in_s         from the first byte to a whole sign-in
    packet_s          from the first byte of a packet to its last
    idle_s            without any packet, for who asks for no keep-alive
    connections       in all, and such that have not signed in
    filters           subscriptions of a session
    """

    packet: int = 256 << 10
    packet_before_sign_in: int = 16 << 10
    messages: int = 256
    bytes: int = 1 << 20
    total_bytes: int = 64 << 20
    unread_bytes: int = 1 << 20
    sign_in_s: float = 10.0
    packet_s: float = 60.0
    idle_s: float = 1200.0
    connections: int = 20_000
    strangers: int = 1024
    filters: int = 16
