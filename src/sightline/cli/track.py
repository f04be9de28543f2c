"""`sightline track`: identities for detections that another program made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sightline.results import Detections
    from sightline.track.base import TrackConfig
    from sightline.wire.formats.mot import MotTable


def track(
    detections: Annotated[
        Path, typer.Argument(metavar="DET.txt", help="Detections as MOTChallenge text.")
    ],
    size: Annotated[
        str | None,
        typer.Option(
            metavar="WxH", help="Size of the pictures. [from seqinfo.ini beside the file]"
        ),
    ] = None,
    fps: Annotated[
        float | None,
        typer.Option(min=0.001, help="Pictures a second. [from seqinfo.ini, else 30]"),
    ] = None,
    delay: Annotated[
        str,
        typer.Option(
            metavar="TIME",
            help="Put tracks out this much later (2s), with gaps filled and pieces joined.",
        ),
    ] = "0s",
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE|-", help="Where the tracks go.")
    ] = "-",
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no summary.")] = False,
) -> None:
    """Follow objects over time: MOTChallenge detections in, MOTChallenge tracks out."""
    from time import process_time_ns

    from rich.console import Console
    from rich.progress import track as progress

    from sightline.cli.durations import parse_duration
    from sightline.cli.sequence import describe
    from sightline.track.base import TrackConfig
    from sightline.wire.formats.mot import MotWriter, read_mot
    from sightline.wire.formats.sink import Sink
    from sightline.wire.messages import Header

    config = TrackConfig(delay_s=parse_duration(delay))
    sequence = describe(detections, size, fps)
    table = read_mot(detections, sequence.width, sequence.height)
    writer = MotWriter(Sink.open(out))
    writer.header(Header("", "", sequence.width, sequence.height, table.labels))
    console = Console(stderr=True, quiet=quiet)
    begun = process_time_ns()
    seen: set[int] = set()
    frames = 0
    steps = _tracked(table, config, sequence.width / sequence.height, sequence.fps)
    total = int(table.numbers[-1]) if len(table.numbers) else 0
    for frames, found in progress(
        steps, "tracking", total=total, console=console, disable=quiet or not console.is_terminal
    ):
        writer.frame(found, table.labels, frames - 1, 0)
        if found.track_ids is not None:
            seen.update(found.track_ids.tolist())
    writer.close()
    spent_ms = (process_time_ns() - begun) / 1e6 / max(frames, 1)
    console.print(f"{frames} frames, {len(seen)} tracks, {spent_ms:.2f} ms a frame")


def _tracked(
    table: MotTable, config: TrackConfig, aspect: float, fps: float
) -> Iterator[tuple[int, Detections]]:
    """Frame numbers and tracks, in order."""
    from collections import deque

    from sightline.track.finalise import Finaliser
    from sightline.track.tracker import Tracker

    tracker = Tracker(config, aspect)
    finaliser = Finaliser(config.delay_s, aspect) if config.delay_s else None
    waiting: deque[int] = deque()
    for number, found in table.frames():
        time_ns = round((number - 1) * 1e9 / fps)
        tracks = tracker.update(found, time_ns)
        if finaliser is None:
            yield number, tracks
            continue
        waiting.append(number)
        for _, finished in finaliser.update(tracks, time_ns):
            yield waiting.popleft(), finished
    if finaliser is not None:
        for _, finished in finaliser.flush():
            yield waiting.popleft(), finished
