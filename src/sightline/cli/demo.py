"""`sightline demo`: the main job, with nothing of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    seconds: Annotated[
        float, typer.Option(min=1, max=3600, help="How much of the day to render.")
    ] = 30.0,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the results go.")] = Path(
        "demo-out"
    ),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no table.")] = False,
) -> None:
    """Render a shop entrance, count who comes and goes, and compare with the truth.

    Leaves an annotated video, the metadata and a summary in the folder.
    """
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
