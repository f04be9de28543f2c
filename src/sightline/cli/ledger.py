"""`sightline ledger`: what left a camera, proved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sightline.cli.remote import Authority, Token

app = typer.Typer(help="The signed ledger of what left a camera.", no_args_is_help=True)


@app.callback()
def _group() -> None: ...


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="A camera's ledger.jsonl.", show_default=False)
    ] = None,
    hub: Annotated[
        str, typer.Option("--hub", metavar="URL", help="Verify what this hub holds instead.")
    ] = "",
    camera: Annotated[str, typer.Option(metavar="NAME", help="Of which camera.")] = "",
    token: Token = "",
    authority: Authority = None,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="Pictures since then: 2026-11-01 or …T08:00:00Z.")
    ] = "",
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="PEM", help="The camera's certificate, to know its key by."),
    ] = None,
) -> None:
    """Prove that a ledger is whole, and say which pictures left the camera.

    Ends with 1 where pictures left since the time that --since names, or where the ledger does
    not reach to it.
    """
    from sightline.errors import ConfigError
    from sightline.wire.egress import pictures_since
    from sightline.wire.egress import verify as verified

    if (file is None) == (not hub):
        raise ConfigError("name a ledger's file, or --hub URL and --camera NAME")
    lines = _lines(file) if file else _from_hub(hub, camera, token, authority)
    key = _key(certificate) if certificate else ""
    found = verified(lines, str(file or f"{hub}, camera {camera}"), key)
    since_ns = _moment(since)
    if not found:
        typer.echo("the ledger holds no entry yet")
        raise typer.Exit(1)
    first, last = found[0].entry, found[-1].entry
    typer.echo(
        f"camera {last.camera}: {len(found)} entries, each as it was signed, from "
        f"{_time(first.start_ns)} to {_time(last.end_ns)}"
    )
    known = "the certificate" if key else f"the ledger itself ({last.key[-16:]})"
    typer.echo(f"its key is known from {known}; the last digest is {found[-1].digest}")
    pictures = pictures_since(found, since_ns)
    for picture in pictures:
        typer.echo(
            f"  {_time(picture.time_ns)}  picture {picture.id}  {picture.bytes} bytes  "
            f"{picture.policy}  {picture.reason}"
        )
    if since and last.end_ns < since_ns:
        typer.echo("the ledger ends before that time and says nothing of it; was its end cut off?")
        raise typer.Exit(1)
    when = (f" since {_time(since_ns)}" if since else "") + f" until {_time(last.end_ns)}"
    typer.echo(f"{len(pictures)} pictures left{when}" if pictures else f"no picture left{when}")
    if since and pictures:
        raise typer.Exit(1)


def _lines(file: Path) -> Iterator[bytes]:
    from sightline.errors import InputError

    try:
        with file.open("rb") as stream:
            for line in stream:
                if not line.endswith(b"\n"):
                    return  # a power cut left half an entry, of which nobody was told
                yield line[:-1]
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None


def _from_hub(hub: str, camera: str, token: str, authority: Path | None) -> list[bytes]:
    from sightline.cli.remote import client
    from sightline.errors import ConfigError

    if not camera:
        raise ConfigError("name the camera: --camera NAME")
    with client(hub, token, authority) as opened:
        return list(opened.ledger(camera))


def _key(path: Path) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

    from sightline.errors import InputError
    from sightline.wire.egress import public

    try:
        key = x509.load_pem_x509_certificate(path.read_bytes()).public_key()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: holds no certificate: {error}") from None
    if not isinstance(key, EllipticCurvePublicKey):
        raise InputError(f"{path}: is a certificate of another kind than cameras have")
    return public(key)


def _moment(text: str) -> int:
    from sightline.errors import ConfigError

    if not text:
        return 0
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"--since {text}: write a time as 2026-11-01 or …T08:00:00Z") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000_000


def _time(time_ns: int) -> str:
    return datetime.fromtimestamp(time_ns / 1e9, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
