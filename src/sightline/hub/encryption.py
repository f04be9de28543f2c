"""How the hub proves who it is, on its web port and to cameras."""

from __future__ import annotations

import os
import socket
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sightline.errors import ConfigError
from sightline.hub.gateway.broker_config import hub_certificate
from sightline.hub.registry.authority import Authority
from sightline.hub.settings import Settings


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """A certificate chain and its key, as files in PEM."""

    certificate: Path
    key: Path


def tls_files(settings: Settings, authority: Authority) -> TlsFiles | None:
    """What was given, or a fresh certificate of the site's authority; None without TLS.

    Raises ConfigError for files that are no pair.
    """
    tls = settings.tls
    if tls.certificate and tls.key:
        given = TlsFiles(tls.certificate, tls.key)
        _context(given)
        return given
    if not tls.self_signed:
        return None
    names = dict.fromkeys((settings.public, settings.host, *settings.hosts, socket.gethostname()))
    anywhere = ("", "0.0.0.0", "::")  # noqa: S104
    hosts = [name for name in names if name not in anywhere]
    key, chain = authority.server([*hosts, "localhost", "127.0.0.1"])
    folder = settings.data / "tls"
    folder.mkdir(mode=0o700, exist_ok=True)
    made = TlsFiles(folder / "hub.pem", folder / "hub.key")
    _write(made.key, key)
    _write(made.certificate, chain)
    return made


def mqtt_context(files: TlsFiles, authority: Authority) -> ssl.SSLContext:
    """For cameras: they may show their certificate, and it is checked where they do."""
    context = _context(files)
    context.load_verify_locations(cadata=authority.certificate)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


def broker_context(settings: Settings, authority: Authority) -> ssl.SSLContext:
    """For a broker: by the site's authority or a public one; the hub shows who it is."""
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=authority.certificate)
    certificate, key = hub_certificate(authority)
    folder = settings.data / "tls"
    folder.mkdir(mode=0o700, exist_ok=True)
    _write(folder / "broker.pem", certificate + key)
    context.load_cert_chain(folder / "broker.pem")
    return context


def _context(files: TlsFiles) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(files.certificate, files.key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"{files.certificate} and {files.key} are no certificate with its key: {error}"
        ) from None
    return context


def _write(path: Path, data: bytes) -> None:
    number, fresh = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(number, "wb") as file:
        file.write(data)
    Path(fresh).replace(path)
