"""`sightline run`: cameras on this machine, from pictures to metadata."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """Forms of metadata."""

    jsonl = "jsonl"
    packed = "packed"
    mot = "mot"
    coco = "coco"
    spatial_analysis = "spatial-analysis"
    spatial_analysis_1 = "spatial-analysis-1.0"


class Policy(StrEnum):
    """What may be seen in pictures that are written."""

    none = "none"
    redacted = "redacted"
    roi = "roi"
    full = "full"


class Idle(StrEnum):
    """When to decode keyframes only while nothing moves."""

    auto = "auto"
    on = "on"
    off = "off"


def run(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE...",
            help="A video, a folder or glob of pictures, rtsp://…, http://…, usb:0, scene:, …",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="FILE|NAME", help="The network: .slm, .onnx, .tflite, or a name."),
    ] = None,
    decoder: Annotated[
        str | None, typer.Option(metavar="FAMILY", help="How to read what the network puts out.")
    ] = None,
    labels: Annotated[
        str | None, typer.Option(metavar="FILE|SET", help="Class names: a text file, or 'coco'.")
    ] = None,
    require_signature: Annotated[
        bool, typer.Option("--require-signature", help="Run only what a trusted key signed.")
    ] = False,
    classes: Annotated[
        str | None, typer.Option(metavar="A,B", help="Report these classes only: person,car")
    ] = None,
    score: Annotated[
        float | None, typer.Option(min=0, max=1, help="Report objects from this score. [0.3]")
    ] = None,
    roi: Annotated[
        str | None, typer.Option(metavar="X,Y,W,H", help="What the network sees, in fractions.")
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
        Path | None, typer.Option(metavar="camera.yaml", help="Every flag as a key, and more.")
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(metavar="plan.yaml", help="The floor that the cameras share, in metres."),
    ] = None,
    metadata: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Write metadata; '-' is standard output.")
    ] = None,
    format: Annotated[
        Format | None, typer.Option(help="Of the metadata; else the file's suffix decides.")
    ] = None,
    video: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write an annotated video (.mp4, .mkv).")
    ] = None,
    preview: Annotated[
        str | None,
        typer.Option(metavar="FILE.jpg", help="Keep the newest annotated picture in this file."),
    ] = None,
    privacy: Annotated[
        Policy | None,
        typer.Option(
            help="What video and preview may show. Without it nothing but drawings, unless "
            "--video or --preview is given here: then the full picture."
        ),
    ] = None,
    fps: Annotated[
        float | None, typer.Option(help="Look at this many pictures a second at most.")
    ] = None,
    stills: Annotated[
        bool | None,
        typer.Option(
            "--stills/--film",
            help="Pictures of a folder: each for itself, or followed like a film. [as they look]",
        ),
    ] = None,
    delay: Annotated[
        str | None,
        typer.Option(metavar="2s", help="Hold tracks back to mend their gaps: better counts."),
    ] = None,
    idle: Annotated[
        Idle | None, typer.Option(help="Decode keyframes only while nothing moves. [auto: live]")
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="Run on cpu, cuda, tensorrt, openvino, coreml. [cpu]"),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=0, help="Of one run of the network. [0: chosen]")
    ] = None,
    max_frames: Annotated[
        int | None, typer.Option(min=1, help="Stop after this many pictures.")
    ] = None,
    summary: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Write the summary as JSON.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Go on counting where the run before stopped."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no table.")] = False,
) -> None:
    """Turn pictures into metadata: detections, tracks, counts and events.

    sightline run shop.mp4 --model yolox_nano.onnx --classes person --line door:0.5,0,0.5,1
    """
    from sightline.camera.together import Together
    from sightline.cli.progress import follow
    from sightline.cli.settings import camera_configs

    flags = {
        "model.name": model,
        "model.decoder": decoder,
        "model.labels": labels,
        "model.require_signature": require_signature or None,
        "detect.classes": classes.split(",") if classes else None,
        "detect.score": score,
        "sensor.roi": roi,
        "sensor.providers": provider.split(",") if provider else None,
        "sensor.threads": threads,
        "source.fps": fps,
        "source.stills": stills,
        "source.idle": idle and idle.value,
        "track.delay_s": delay,
        "lines": line,
        "zones": zone,
        "privacy.policy": privacy and privacy.value,
        "output.metadata": metadata,
        "output.format": format and format.value,
        "output.video": video,
        "output.preview": preview,
        "output.summary": summary,
        "output.state": state,
        "output.quiet": quiet or None,
        "max_frames": max_frames,
    }
    cameras = camera_configs(sources or [], config, flags, plan)
    follow(Together(cameras), quiet=cameras[0].output.quiet)
