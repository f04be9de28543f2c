"""`sightline demo`: all of it, with nothing of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    seconds: Annotated[
        float | None,
        typer.Option(min=1, max=86400, help="How long; else until Ctrl-C (30 with --once)."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the results go.")] = Path(
        "demo-out"
    ),
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Of the hub; port 0 takes a free one.")
    ] = "127.0.0.1:8600",
    once: Annotated[
        bool, typer.Option("--once", help="No hub: one rendered camera, compared with the truth.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no table.")] = False,
) -> None:
    """Start a hub and three rendered cameras, give them a network, and say where to look.

    With --once: render half a minute of a shop entrance, count who comes and goes, compare with
    the truth, and leave an annotated video, the metadata and a summary in the folder.
    """
    if not once:
        from sightline.cli.demo_site import run_site

        run_site(out / "site", listen, seconds, quiet)
        return
    _rendered(seconds or 30.0, out, quiet)


def _rendered(seconds: float, out: Path, quiet: bool) -> None:
    from rich.console import Console

    from sightline.camera.demonstration import compare, demo_config
    from sightline.camera.together import Together
    from sightline.cli.progress import follow
    from sightline.cli.summary import comparison

    config = demo_config(seconds, out, quiet)
    together = Together([config])
    follow(together, quiet=quiet)
    summary = compare(config, together.cameras[0].camera.summary())
    if quiet:
        return
    console = Console()
    console.print(comparison(summary))
    console.print(f"\nLook at [bold]{config.output.video}[/]. In the same folder:")
    console.print("  metadata.jsonl  every object of every picture, every event, and the truth")
    console.print("  summary.json    the numbers above, for programs")
    console.print("\nNext, your own video: [bold]sightline run shop.mp4 --video seen.mp4[/]")
