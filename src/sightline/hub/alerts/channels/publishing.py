"""A few messages to a broker: signed in, said, acknowledged, and gone within some seconds.

No thread takes part, so a broker that accepts a connection and then says nothing keeps nothing
but its own alert waiting.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sightline.hub.gateway.mqtt.packets import (
    ACCEPTED,
    Connack,
    Connect,
    Disconnect,
    Packet,
    Puback,
    Publish,
    encode,
)  # fmt: skip
from sightline.hub.gateway.mqtt.reader import Malformed, Reader
from sightline.hub.outside import Place

Message = dict[str, Any]  # topic, payload, qos, retain

_PATIENCE_S = 10.0
_KEEP_ALIVE_S = 30


async def publish(
    place: Place,
    tls: ssl.SSLContext | None,
    sign_in: tuple[str, str] | None,
    messages: Sequence[Message],
) -> None:
    """Say them to the address that was looked up. Raises OSError where they were not taken."""
    async with asyncio.timeout(_PATIENCE_S):
        reader, writer = await asyncio.open_connection(
            place.addresses[0], place.port, ssl=tls, server_hostname=place.host if tls else None
        )
        try:
            await _said(reader, writer, sign_in, messages)
        except Malformed as error:
            raise ConnectionError(f"answered {error}") from None
        finally:
            writer.close()


async def _said(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    sign_in: tuple[str, str] | None,
    messages: Sequence[Message],
) -> None:
    user, password = sign_in or (None, "")
    secret = None if user is None else password.encode()
    writer.write(encode(Connect("", True, _KEEP_ALIVE_S, user, secret)))
    heard = _packets(reader)
    match await anext(heard, None):
        case Connack(code) if code == ACCEPTED:
            pass
        case Connack(code):
            raise ConnectionError(f"does not let the hub in (code {code})")
        case _:
            raise ConnectionError("does not answer as a broker does")
    for number, message in enumerate(messages, 1):
        writer.write(encode(Publish(**message, id=number)))
    waiting = set(range(1, len(messages) + 1))
    while waiting:
        packet = await anext(heard, None)
        if packet is None:
            raise ConnectionError("hung up before it had taken all")
        if isinstance(packet, Puback):
            waiting.discard(packet.id)
    writer.write(encode(Disconnect()))
    await writer.drain()


async def _packets(reader: asyncio.StreamReader) -> AsyncIterator[Packet]:
    """What comes, until the other side hangs up."""
    together = Reader(64 << 10)
    while data := await reader.read(4096):
        for packet in together.feed(data):
            yield packet
