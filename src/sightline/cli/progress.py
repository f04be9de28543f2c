"""What a person sees while cameras work, and the table at the end."""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from sightline.camera.together import Running, Together
from sightline.cli.summary import summary_table
from sightline.errors import Interrupted

_PLAIN_EVERY_S = 10.0


def follow(together: Together, *, quiet: bool) -> None:
    """Run the cameras to their end; progress and tables go to standard error.

    Ctrl-C ends them in good order: what was written is closed and summed up.
    Raises what the first failing camera raised, and Interrupted.
    """
    console = Console(stderr=True, quiet=quiet)
    interrupted = False
    try:
        with together:
            _watch(together, console)
    except KeyboardInterrupt:
        interrupted = True
    for running in together.cameras:
        if running.camera.tally.frames:
            console.print(summary_table(running.camera.summary()))
    together.raise_first()
    if interrupted:
        raise Interrupted


def _watch(together: Together, console: Console) -> None:
    if console.is_terminal and not console.quiet:
        _watch_live(together, console)
        return
    said = time.monotonic()
    while together.working:
        together.wait(0.5)
        if time.monotonic() - said >= _PLAIN_EVERY_S:
            said = time.monotonic()
            for running in together.cameras:
                console.print(_plain(running), highlight=False)


def _watch_live(together: Together, console: Console) -> None:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        _Counts(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True, refresh_per_second=5) as progress:
        rows = [
            progress.add_task(running.camera.config.name, total=running.camera.expected or None)
            for running in together.cameras
        ]
        while together.working:
            together.wait(0.2)
            for row, running in zip(rows, together.cameras, strict=True):
                tally = running.camera.tally
                progress.update(
                    row,
                    completed=tally.captures,
                    total=running.camera.expected or None,
                    rate=tally.captures / max(tally.seconds, 1e-9),
                    tracks=sum(tally.unique_tracks().values()),
                    dropped=running.camera.dropped,
                )


class _Counts(ProgressColumn):
    """Pictures so far, rate, objects, drops."""

    def render(self, task: Task) -> Text:
        parts = [
            f"{task.completed:.0f}" + (f"/{task.total:.0f}" if task.total else "") + " pictures"
        ]
        parts.append(f"{task.fields.get('rate', 0.0):.1f}/s")
        parts.append(f"{task.fields.get('tracks', 0)} objects")
        if task.fields.get("dropped"):
            parts.append(f"{task.fields['dropped']} dropped")
        return Text(" · ".join(parts), style="cyan")


def _plain(running: Running) -> str:
    camera, tally = running.camera, running.camera.tally
    rate = tally.captures / max(tally.seconds, 1e-9)
    line = f"{camera.config.name}: {tally.captures} pictures, {rate:.1f}/s"
    if camera.expected and rate:
        line += f", {max(0.0, camera.expected - tally.captures) / rate:.0f} s left"
    return line
