"""`sightline analyze`: questions to recorded tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sightline.errors import ConfigError

if TYPE_CHECKING:
    from sightline.analytics.replay import Replay
    from sightline.results.stretch import Stretch
    from sightline.twin.config import CameraConfig
    from sightline.twin.plan import Plan
    from sightline.twin.questions import Question
    from sightline.wire.formats.base import MetadataReader
    from sightline.wire.messages import Event
    from sightline.wire.summary import Summary


class Format(StrEnum):
    """Forms of recordings that hold tracks."""

    jsonl = "jsonl"
    packed = "packed"
    mot = "mot"
    aitrios = "aitrios"
    axis_scene = "axis_scene"
    azure_lva = "azure_lva"
    deepstream = "deepstream"
    dlstreamer = "dlstreamer"
    frigate = "frigate"
    onvif = "onvif"


def analyze(
    tracks: Annotated[
        list[str],
        typer.Argument(
            metavar="TRACKS...",
            help="A recording with tracks; - is standard input. Several are of the cameras of a "
            "--plan.",
        ),
    ],
    format: Annotated[Format | None, typer.Option(help="Else its first bytes tell.")] = None,
    size: Annotated[
        str | None, typer.Option(metavar="WxH", help="Picture size, where it is not inside (mot).")
    ] = None,
    fps: Annotated[
        float | None,
        typer.Option(min=0.001, help="Pictures a second, where they are not inside. [30]"),
    ] = None,
    of: Annotated[
        str | None,
        typer.Option("--camera", help="Whose records, where a recording holds several cameras."),
    ] = None,
    classes: Annotated[
        str | None, typer.Option(metavar="A,B", help="Leave out all other classes: person,car")
    ] = None,
    line: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME:X1,Y1,X2,Y2", help="Count who crosses; 'in' is left to right."),
    ] = None,
    zone: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME:X1,Y1,X2,Y2,X3,Y3…", help="Watch who is inside, and how long."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="camera.yaml", help="With lines, zones and classes.")
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(
            metavar="plan.yaml",
            help="The floor that the cameras share: who walks from one into the next stays one.",
        ),
    ] = None,
    summary: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Write the counts as JSON.")
    ] = None,
    events: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Write the events as JSON Lines.")
    ] = None,
    exact: Annotated[
        bool | None,
        typer.Option(
            help="Believe every box and identity: count each change of side, mend nothing. "
            "[ground truth: yes, else no]",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")] = False,
) -> None:
    """Ask recorded tracks what lines and zones would have counted: the same answers as live.

    sightline analyze gt.txt --format mot --size 1920x1080 --line door:0.5,0,0.5,1
    sightline analyze door.slp till.slp --plan plan.yaml
    """
    from contextlib import ExitStack, closing

    from sightline.analytics.replay import Replay
    from sightline.cli.parse import parse_size
    from sightline.cli.recordings import tracked_film
    from sightline.twin.plan import Plan
    from sightline.twin.questions import questions
    from sightline.wire.formats.jsonl import JsonlWriter
    from sightline.wire.formats.open import open_reader
    from sightline.wire.formats.sink import Sink

    if plan is not None and (config or line or zone):
        raise ConfigError("with --plan, lines and zones stand in the plan, in metres")
    if plan is None and len(tracks) > 1:
        raise ConfigError("several recordings need the --plan of the floor that they share")
    whole = parse_size(size) if size else None
    floor = Plan(plan) if plan else None
    camera = floor.camera if floor else _configured(tracks[0], config, line, zone, classes)
    form = format and format.value
    readers = [open_reader(one, form, size=whole, fps=fps, camera=of) for one in tracks]
    if floor is not None:
        labels, film, analytics = _planned(tracks, readers, floor)
    else:
        labels = list(readers[0].header.labels)
        header = readers[0].header
        aspect = header.width / header.height if header.width and header.height else 1.0
        if exact is None:
            exact = _is_truth(tracks[0], readers[0])
        analytics = questions(camera, labels, aspect, exact=exact)
        film = tracked_film(readers[0], labels, tracks[0])
    kept = tuple(classes.split(",")) if classes else camera.detect.classes
    replay = Replay(analytics, labels, kept)
    with ExitStack() as files:
        # Opened before the work begins, so that a wrong path is known at once.
        totals = files.enter_context(closing(Sink.open(summary))) if summary else None
        log = files.enter_context(closing(JsonlWriter(Sink.open(events)))) if events else None
        begun = perf_counter()
        for batch in _watched(replay.run(film), replay, quiet):
            if log:
                for event in batch:
                    log.event(event)
        result = _summary(replay, analytics, camera, perf_counter() - begun)
        if totals:
            totals.write(result.to_json())
    if not quiet:
        _show(result)


def _configured(
    tracks: str,
    config: Path | None,
    line: list[str] | None,
    zone: list[str] | None,
    classes: str | None,
) -> CameraConfig:
    from sightline.cli.settings import camera_configs

    flags = {
        "lines": line,
        "zones": zone,
        "detect.classes": classes.split(",") if classes else None,
        "output.video": None,
        "output.preview": None,
    }
    return camera_configs([tracks], config, flags)[0]


def _planned(
    tracks: list[str], readers: list[MetadataReader], plan: Plan
) -> tuple[list[str], Iterator[Stretch], list[Question]]:
    """The classes, what the plan's camera from above sees, and what is asked of it."""
    from sightline.cli.recordings import floor_rows
    from sightline.results.stretch import stretches
    from sightline.twin.questions import questions

    labels = list(dict.fromkeys(name for reader in readers for name in reader.header.labels))
    film = stretches(floor_rows(tracks, readers, plan, labels))
    analytics = questions(plan.camera, labels, plan.aspect, memory_s=10.0)
    return labels, film, analytics


def _is_truth(name: str, reader: MetadataReader) -> bool:
    from sightline.wire.formats.mot import MotReader

    named = Path(name).name == "gt.txt"  # as MOTChallenge calls it
    return isinstance(reader, MotReader) and (named or reader.truth)


def _watched(
    batches: Iterator[Sequence[Event]], replay: Replay, quiet: bool
) -> Iterator[Sequence[Event]]:
    """The same batches; a person at a terminal sees how far it is."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield from batches
        return
    with console.status("analyzing") as status:
        shown = 0
        for batch in batches:
            if replay.frames >= shown + 2000:
                shown = replay.frames
                status.update(f"analyzing: {shown} pictures")
            yield batch


def _summary(
    replay: Replay, analytics: Sequence[Question], camera: CameraConfig, seconds: float
) -> Summary:
    from sightline.twin.questions import bounds, counts
    from sightline.wire.summary import Summary

    numbers: dict[str, Any] = counts(analytics)  # a field of the summary each
    return Summary(
        frames=replay.frames,
        seconds=round(seconds, 3),
        fps=round(replay.frames / seconds, 1) if seconds else 0.0,
        stages_ms={"analytics": round(seconds * 1e3 / max(1, replay.frames), 4)},
        tracks=replay.tracks(),
        **numbers,
        bounds=bounds(analytics),
        camera=camera.name,
        source=camera.source.uri,
    )


def _show(result: Summary) -> None:
    from rich.console import Console

    from sightline.cli.summary import summary_table

    Console(stderr=True).print(summary_table(result))
