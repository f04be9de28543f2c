"""`sightline cameras`: the fleet, from anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sightline.cli.remote import HUB, AsJson, Authority, Hub, Token, client, show

app = typer.Typer(help="The cameras of a hub.", no_args_is_help=True)


@app.command("list")
def listed(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="site=oslo and not state=offline")
    ] = "",
    hub: Hub = HUB,
    token: Token = "",
    authority: Authority = None,
    as_json: AsJson = False,
) -> None:
    """The cameras that a query means."""
    columns = {
        "name": "name", "state": "state", "tags": "tags", "model": "model", "version": "version",
        "seen_ns": "seen",
    }  # fmt: skip
    with client(hub, token, authority) as opened:
        show(opened.cameras(query), columns, as_json)


@app.command("show")
def shown(name: str, hub: Hub = HUB, token: Token = "", authority: Authority = None) -> None:
    """One camera and its twin, as JSON."""
    from rich.console import Console

    with client(hub, token, authority) as opened:
        told = {"camera": opened.camera(name), "twin": opened.twin(name)}
        Console().print_json(data=told)


@app.command("set")
def configured(
    name: str,
    config: Annotated[Path, typer.Argument(metavar="CHANGES.yaml", help="Keys that change.")],
    hub: Hub = HUB,
    token: Token = "",
    authority: Authority = None,
) -> None:
    """Change a camera's configuration; keys that are not named stay, null removes one."""
    from sightline.twin.config import read_tree

    patch = read_tree(config)
    with client(hub, token, authority) as opened:
        twin = opened.configure(name, patch)
    typer.echo(f"{name}: version {twin['version']} is on its way")


@app.command("revoke")
def revoked(
    name: str,
    hub: Hub = HUB,
    token: Token = "",
    authority: Authority = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Shut a camera out, at once; what it said stays."""
    if not yes:
        typer.confirm(f"shut {name} out of this hub?", abort=True)
    with client(hub, token, authority) as opened:
        opened.revoke(name)
    typer.echo(f"{name} is revoked")


@app.command("logs")
def logs(
    name: str,
    hub: Hub = HUB,
    token: Token = "",
    authority: Authority = None,
    begin: Annotated[str, typer.Option("--from", metavar="WHEN")] = "-1d",
    as_json: AsJson = False,
) -> None:
    """What a camera complained about, and what happened to its source and its twin."""
    with client(hub, token, authority) as opened:
        reports = opened.items(f"cameras/{name}/health", 200, **{"from": begin})
        lines = {
            (at, told) for report in reports for at, told in report["health"].get("errors", [])
        }
        rows = [{"time_ns": at, "what": told} for at, told in sorted(lines)]
    show(rows, {"time_ns": "when", "what": "what"}, as_json)
