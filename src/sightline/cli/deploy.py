"""`sightline deploy`: a model or a configuration for many cameras, carefully."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sightline.cli.remote import HUB, Authority, Hub, Token, client

if TYPE_CHECKING:
    from sightline.hub.client import Client

_OVER = ("done", "aborted", "rolled-back")


def deploy(
    what: Annotated[
        str, typer.Argument(metavar="MODEL|CONFIG", help="A .slm, NAME:VERSION, or a .yaml.")
    ],
    to: Annotated[str, typer.Option(metavar="QUERY", help="Which cameras: site=oslo")],
    canary: Annotated[int, typer.Option(min=0, help="How many go first.")] = 1,
    batch: Annotated[int, typer.Option(min=1, help="How many at a time after that.")] = 10,
    shadow: Annotated[str, typer.Option(help="How long a model runs beside the old one.")] = "60s",
    watch: Annotated[str, typer.Option(help="How long each camera is watched after.")] = "60s",
    failures: Annotated[int, typer.Option(min=0, help="How many may fail after the canary.")] = 0,
    note: Annotated[str, typer.Option(help="Why; it stands in the log.")] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Follow it to its end.")] = False,
    hub: Hub = HUB,
    token: Token = "",
    authority: Authority = None,
) -> None:
    """Roll out a model or a change of configuration; a bad one goes back by itself.

    sightline deploy gate.slm --to 'site=oslo' --canary 1 --wait
    """
    from sightline.cli.durations import parse_duration

    with client(hub, token, authority) as opened:
        order = {
            "to": to, "canary": canary, "batch": batch, "failures": failures, "note": note,
            "shadow_s": parse_duration(shadow), "watch_s": parse_duration(watch),
            **_what(what, opened),
        }  # fmt: skip
        begun = opened.request("POST", "deployments", json=order)
        typer.echo(f"deployment {begun['id']} begins")
        if wait:
            _follow(opened, begun["id"])


def _what(what: str, opened: Client) -> dict[str, Any]:
    from sightline.errors import InputError
    from sightline.twin.config import read_tree

    path = Path(what)
    if path.suffix in (".yaml", ".yml"):
        return {"patch": read_tree(path)}
    if path.suffix == ".slm":
        given = opened.upload(path)
        return {"model": f"{given['name']}:{given['version']}"}
    if ":" in what:
        return {"model": what}
    raise InputError(f"{what}: is neither a package (.slm), NAME:VERSION, nor a .yaml")


def _follow(opened: Client, id: str) -> None:
    """Print the log as it is written; leave with 1 where the deployment did not come through."""
    said = 0
    while True:
        state = opened.request("GET", f"deployments/{id}")["state"]
        lines = list(opened.items(f"deployments/{id}/log"))
        for line in lines[said:]:
            typer.echo(f"{line['camera'] or 'deployment':<20} {line['state']:<16} {line['why']}")
        said = len(lines)
        if state in _OVER:
            raise typer.Exit(0 if state == "done" else 1)
        time.sleep(1.0)
