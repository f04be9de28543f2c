"""The command line: one file per command group, no logic of its own.

Commands import what they work with inside their functions, so that `--help` stays quick.
"""

from __future__ import annotations

import sys

import typer

from sightline.cli import alerts, camera, cameras, hub, ledger, metadata, model
from sightline.cli.analyze import analyze
from sightline.cli.audit import audit
from sightline.cli.calibrate import calibrate
from sightline.cli.demo import demo
from sightline.cli.deploy import deploy
from sightline.cli.doctor import doctor
from sightline.cli.evaluate_analytics import evaluate_analytics
from sightline.cli.heatmap import heatmap
from sightline.cli.run import run
from sightline.cli.said import events, measures
from sightline.cli.schema import schema
from sightline.cli.simulate import simulate
from sightline.cli.track import track
from sightline.errors import SightlineError

app = typer.Typer(
    name="sightline",
    help="AI-powered cameras: pictures are understood where they are made, only meaning leaves.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"sightline {version('sightline')}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and leave."
    ),
) -> None: ...


app.command("run")(run)
app.command("demo")(demo)
app.command("track")(track)
app.command("analyze")(analyze)
app.command("heatmap")(heatmap)
app.command("calibrate")(calibrate)
app.command("audit")(audit)
app.command("evaluate-analytics")(evaluate_analytics)
app.command("doctor")(doctor)
app.command("schema")(schema)
app.command("simulate")(simulate)
app.command("deploy")(deploy)
app.command("events")(events)
app.command("measures")(measures)
app.add_typer(alerts.app, name="alerts")
app.add_typer(cameras.app, name="cameras")
app.add_typer(camera.app, name="camera")
app.add_typer(hub.app, name="hub")
app.add_typer(ledger.app, name="ledger")
app.add_typer(metadata.app, name="metadata")
app.add_typer(model.app, name="model")


def main() -> None:
    """Run the command line; an expected error is one sentence on standard error."""
    try:
        app()
    except SightlineError as error:
        from rich.console import Console

        Console(stderr=True, soft_wrap=True).print(f"[bold red]error:[/] {_plain(error)}")
        sys.exit(error.exit_code)


def _plain(error: SightlineError) -> str:
    from rich.markup import escape

    return escape(str(error))
