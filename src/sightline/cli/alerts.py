"""`sightline alerts`: what somebody wanted to hear of."""

from __future__ import annotations

from typing import Annotated

import typer

from sightline.cli.remote import HUB, AsJson, Authority, Hub, Token, client, show

app = typer.Typer(help="The alerts of a hub.", no_args_is_help=True)


@app.command("list")
def listed(
    state: Annotated[str, typer.Option(help="open, acknowledged or cleared; else all.")] = "",
    limit: Annotated[int, typer.Option(min=1)] = 200,
    hub: Hub = HUB,
    token: Token = "",
    authority: Authority = None,
    as_json: AsJson = False,
) -> None:
    """The newest first."""
    columns = {
        "id": "alert", "raised_ns": "raised", "cleared_ns": "over", "level": "level",
        "camera": "camera", "rule": "rule", "message": "message", "acknowledged_by": "seen by",
    }  # fmt: skip
    with client(hub, token, authority) as opened:
        show(opened.items("alerts", limit, state=state), columns, as_json)


@app.command("acknowledge")
def acknowledge(
    number: int, hub: Hub = HUB, token: Token = "", authority: Authority = None
) -> None:
    """I have seen it."""
    with client(hub, token, authority) as opened:
        opened.request("POST", f"alerts/{number}/acknowledge")
    typer.echo(f"alert {number} is acknowledged")


@app.command("tries")
def tries(
    number: int,
    hub: Hub = HUB,
    token: Token = "",
    authority: Authority = None,
    as_json: AsJson = False,
) -> None:
    """Who was told of an alert, and what came of each try."""
    columns = {
        "channel": "channel", "what": "what", "state": "state", "tries": "tries", "last": "said",
        "done_ns": "when",
    }  # fmt: skip
    with client(hub, token, authority) as opened:
        rows = opened.request("GET", f"alerts/{number}/deliveries")["items"]
        show(rows, columns, as_json)
