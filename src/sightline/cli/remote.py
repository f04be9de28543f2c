"""How commands find a hub: --hub and --token, or SIGHTLINE_HUB and SIGHTLINE_TOKEN."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sightline.hub.client import Client

Hub = Annotated[
    str, typer.Option("--hub", metavar="URL", envvar="SIGHTLINE_HUB", help="The hub's address.")
]
Token = Annotated[
    str, typer.Option("--token", metavar="T", envvar="SIGHTLINE_TOKEN", help="An API token.")
]
Authority = Annotated[
    Path | None,
    typer.Option(
        "--authority", metavar="ca.pem", envvar="SIGHTLINE_AUTHORITY",
        help="The site's authority, for a hub with --tls self-signed.",
    ),
]  # fmt: skip
AsJson = Annotated[bool, typer.Option("--json", help="JSON Lines for programs.")]
HUB = "http://127.0.0.1:8600"


def client(hub: str, token: str, authority: Path | None) -> Client:
    """A client, or a sentence about what is missing. Raises ConfigError."""
    from sightline.errors import ConfigError
    from sightline.hub.client import Client

    if not token:
        raise ConfigError(
            "the hub wants to know who asks: give --token or SIGHTLINE_TOKEN; "
            "`sightline hub tokens api` on the hub's machine makes one"
        )
    return Client(hub, token, authority)


def show(rows: Iterable[dict[str, Any]], columns: dict[str, str], as_json: bool) -> None:
    """Rows as a table for people, or as JSON Lines. `columns`: key to heading."""
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from sightline.cli.plain import printable

    table = Table(*columns.values())
    for row in rows:
        table.add_row(*(escape(printable(_cell(key, row.get(key)))) for key in columns))
    Console().print(table if table.row_count else "nothing")


def _cell(key: str, value: Any) -> str:
    if value is None or value == "" or value == {}:
        return "-"
    if key.endswith("_ns"):
        moment = datetime.fromtimestamp(value / 1e9).astimezone()
        return moment.strftime("%Y-%m-%d %H:%M:%S") if value else "never"
    if isinstance(value, dict):
        return " ".join(f"{name}={item}" for name, item in value.items())
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
