"""`sightline events` and `sightline measures`: what cameras said."""

from __future__ import annotations

from typing import Annotated

import typer

from sightline.cli.remote import HUB, AsJson, Authority, Hub, Token, client, show

Camera = Annotated[list[str] | None, typer.Option(help="Of these cameras.")]
Kind = Annotated[list[str] | None, typer.Option(help="Of these kinds: line.crossed")]
Name = Annotated[list[str] | None, typer.Option(help="Of these lines or zones.")]
Begin = Annotated[str, typer.Option("--from", metavar="WHEN", help="-1h, 2026-11-26T09:00Z")]
End = Annotated[str, typer.Option("--to", metavar="WHEN", help="Exclusive; else now.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many.")]


def events(
    camera: Camera = None,
    kind: Kind = None,
    name: Name = None,
    begin: Begin = "-1d",
    end: End = "",
    limit: Limit = 1000,
    hub: Hub = HUB,
    token: Token = "",
    authority: Authority = None,
    as_json: AsJson = False,
) -> None:
    """What happened, the newest first."""
    wanted = {"camera": camera, "kind": kind, "name": name, "from": begin, "to": end}
    columns = {
        "time_ns": "when", "camera": "camera", "kind": "kind", "name": "name", "track": "track",
        "label": "label", "data": "data",
    }  # fmt: skip
    with client(hub, token, authority) as opened:
        show(opened.items("events", limit, newest="true", **wanted), columns, as_json)


def measures(
    camera: Camera = None,
    kind: Kind = None,
    name: Name = None,
    begin: Begin = "-1d",
    end: End = "",
    limit: Limit = 1000,
    hub: Hub = HUB,
    token: Token = "",
    authority: Authority = None,
    as_json: AsJson = False,
) -> None:
    """Numbers over intervals, the newest first."""
    wanted = {"camera": camera, "kind": kind, "name": name, "from": begin, "to": end}
    columns = {
        "start_ns": "from", "end_ns": "to", "camera": "camera", "kind": "kind", "name": "name",
        "value": "value", "data": "data",
    }  # fmt: skip
    with client(hub, token, authority) as opened:
        show(opened.items("measures", limit, newest="true", **wanted), columns, as_json)
