"""A configuration with which Mosquitto serves as the broker of a site.

TLS with certificates of the site's authority alone; the name in the certificate is the user; a
camera reads and writes its own topics and nothing else, whatever it claims.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sightline.errors import OutputError
from sightline.hub.registry.authority import Authority
from sightline.wire import topics

HUB = "sightline:hub"  # no camera can be called that

_MAIN = """\
# Mosquitto for a Sightline site. Start it with: mosquitto -c {folder}/mosquitto.conf
per_listener_settings false
listener {port} {bind}
cafile {folder}/ca.pem
crlfile {folder}/revoked.pem
certfile {folder}/server.pem
keyfile {folder}/server.key
require_certificate true
use_identity_as_username true
allow_anonymous false
acl_file {folder}/acl

# What was taken from a camera survives the broker, as long as the hub has not acknowledged it.
persistence true
persistence_location {folder}/kept/
autosave_interval 1
autosave_on_changes true
max_inflight_messages 1000
max_queued_messages 0
max_queued_bytes 0
message_size_limit 262144
"""

_ACL = f"""\
user {HUB}
topic readwrite {topics.ROOT}/#

pattern write {topics.ROOT}/%u/up/#
pattern read {topics.ROOT}/%u/down/#
"""


def write_mosquitto(
    folder: Path,
    authority: Authority,
    withdrawn: Iterable[tuple[str, int]],
    hosts: list[str],
    port: int = 8883,
    bind: str = "",
) -> None:
    """Configuration, ACL, certificates and the list of revoked ones, in a folder.

    Raises OutputError.
    """
    folder = folder.absolute()
    key, chain = authority.server(hosts)
    hub_chain, hub_key = hub_certificate(authority)
    files = {
        "mosquitto.conf": _MAIN.format(folder=folder, port=port, bind=bind).encode(),
        "acl": _ACL.encode(),
        "ca.pem": authority.certificate.encode(),
        "revoked.pem": authority.revocations(withdrawn, datetime.now(UTC)),
        "server.pem": chain,
        "server.key": key,
        "hub.pem": hub_chain,
        "hub.key": hub_key,
    }
    try:
        (folder / "kept").mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            _write(folder / name, data, 0o600 if name.endswith(".key") else 0o644)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from None


def hub_certificate(authority: Authority) -> tuple[bytes, bytes]:
    """Certificate and fresh key (PEM) with which the hub shows a broker who it is."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority.sign_camera(HUB, key.public_key()).public_bytes(Encoding.PEM)
    return certificate, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, data: bytes, mode: int) -> None:
    fresh = path.with_name(f".{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    fresh.replace(path)
