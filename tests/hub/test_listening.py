"""Where the hub is found: at once, or not at all, with the reason."""

import socket

import pytest

from sightline.errors import ConfigError
from sightline.hub.listening import listening


def test_no_answer_waits_for_the_acknowledgement_of_its_beginning() -> None:
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_that_is_taken_is_named() -> None:
    with listening("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ConfigError, match=f"127.0.0.1:{port}.*--listen"):
            listening("127.0.0.1", port)
