"""`sightline camera`: make a camera of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class _RunsByDefault(TyperGroup):
    """`sightline camera SOURCE` means `sightline camera run SOURCE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_RunsByDefault,
    help="Make a camera of this machine, for a hub or another link: sightline camera SOURCE.",
    no_args_is_help=True,
)

Source = Annotated[
    str | None,
    typer.Argument(help="What to look at: rtsp://…, usb:0, a file, scene:.", show_default=False),
]
HubUrl = Annotated[str | None, typer.Option("--hub", metavar="URL", help="The hub to join.")]
Token = Annotated[
    str | None,
    typer.Option(
        metavar="T", envvar="SIGHTLINE_ENROLL_TOKEN", help="What the hub gave out; needed once."
    ),
]
Name = Annotated[str, typer.Option(help="What it is called; else the hub says.")]
Tag = Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="site=oslo, …")]
State = Annotated[Path | None, typer.Option(metavar="DIR", help="What it keeps, and who it is.")]
Config = Annotated[Path | None, typer.Option(metavar="camera.yaml", help="What it looks for.")]


@app.command("run")
def run(
    source: Source = None,
    hub: HubUrl = None,
    token: Token = None,
    name: Name = "",
    tag: Tag = None,
    state: State = None,
    config: Config = None,
    log_json: Annotated[bool, typer.Option("--log-json", help="Log as JSON Lines.")] = False,
) -> None:
    """Join a hub and be its camera until told to stop (Ctrl-C).

    sightline camera --hub http://127.0.0.1:8600 --token slt_… --name front-door usb:0
    """
    from sightline.camera.agent.starting import Start, start
    from sightline.cli.parse import parse_tags

    tree = _tree(source, config)
    start(Start(hub, token, name, parse_tags(tag or []), state, tree, log_json))


@app.command("install")
def install(
    source: Source = None,
    hub: HubUrl = None,
    token: Token = None,
    name: Name = "",
    tag: Tag = None,
    state: State = None,
    config: Config = None,
    show: Annotated[
        bool, typer.Option("--print", help="Print the systemd unit, and do nothing else.")
    ] = False,
) -> None:
    """Make it a service that systemd starts with the machine.

    sudo sightline camera install --hub https://hub:8600 --token slt_… --name front-door usb:0
    """
    from sightline.camera.agent.service import install_unit, unit
    from sightline.camera.agent.starting import Start, prepare
    from sightline.cli.parse import parse_tags

    if show:
        typer.echo(unit(name or "camera"), nl=False)
        return
    tree = _tree(source, config)
    prepared = Start(hub, token, name, parse_tags(tag or []), state, tree)
    typer.echo(install_unit(name or "camera", lambda folder: prepare(prepared.at(folder))))


def _tree(source: str | None, config: Path | None) -> dict[str, Any] | None:
    """What was said of the configuration; None where nothing was."""
    from sightline.twin.config import read_tree

    if source is None and config is None:
        return None
    tree = read_tree(config) if config else {}
    if source is not None:
        held = tree.get("source")
        tree["source"] = {**held, "uri": source} if isinstance(held, dict) else {"uri": source}
    return tree
