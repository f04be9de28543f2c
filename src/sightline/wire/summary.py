"""What a run adds up to, as the summary file holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Summary:
    """One camera's run from first to last picture.

    frames      pictures that went through the network
    seconds     wall time of the run
    fps         pictures a second
    dropped     pictures decoded but thrown away because the camera was still busy
    stages_ms   milliseconds a picture, by stage: decode, probe, preprocess, network, postprocess,
                track, analytics, output
    tracks      unique objects by class name
    pictures    by class name: how many showed it, of those in which nothing is followed
    lines       by name of the line: {"in": n, "out": n}
    zones       by name of the zone: {"entries": n, "exits": n, "peak": n, "mean": x, "dwell_s": x}
    dwell       as zones, with "median_s", "p90_s" and "loitering"
    people      by name of the room: {"in": n, "out": n, "inside": n, "peak": n, ...}
    queues      as zones, with "waiting", "served", "wait_s", "expected_s", ...
    paths       by name: {"trips": n, "door>till": n, ...}
    heatmaps    by name: {"seconds": x, ...}, and where it is warmest
    distances   by name: {"pairs": n, "seconds": x, "nearest_m": x, ...}
    crowds      as zones, with "density", "largest", "gatherings", ...
    speeds      by name, in metres a second: {"mean": x, "median": x, "p90": x, "max": x, "over": n}
    hazards     by name: how often each danger came up, and "exposed_s"
    left        by name: {"left": n, "removed": n, "standing": n}
    shelves     by name: {"fill": x, "out_of_stock": n, "misplaced": n, "restock_s": x, ...}
    view        {"view": {"covered": n, "dark": n, ..., "invalid_s": x}}, where the camera looked
    rules       by name: {"raised": n, "active": 0 or 1}
    bounds      of lines, zones, dwell, people, queues and crowds, by kind and name: between what
                a number truly is, in 95 of 100 cases: {"lines": {"door": {"in": [2, 4]}}}
    skipped     pictures never decoded because nothing moved or a lower rate was asked for
    corrupt     packets that would not decode
    stalls      times that a live source stopped giving pictures
    reconnects  times that a live source came back
    camera      name of the camera
    source      where its pictures came from, without credentials
    model       name of the network
    truth       what a rendered scene knows the counts to be
    """

    frames: int
    seconds: float
    fps: float
    dropped: int = 0
    stages_ms: dict[str, float] = field(default_factory=dict)
    tracks: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)
    lines: dict[str, dict[str, float]] = field(default_factory=dict)
    zones: dict[str, dict[str, float]] = field(default_factory=dict)
    dwell: dict[str, dict[str, float]] = field(default_factory=dict)
    people: dict[str, dict[str, float]] = field(default_factory=dict)
    queues: dict[str, dict[str, float]] = field(default_factory=dict)
    paths: dict[str, dict[str, float]] = field(default_factory=dict)
    heatmaps: dict[str, dict[str, float]] = field(default_factory=dict)
    distances: dict[str, dict[str, float]] = field(default_factory=dict)
    crowds: dict[str, dict[str, float]] = field(default_factory=dict)
    speeds: dict[str, dict[str, float]] = field(default_factory=dict)
    hazards: dict[str, dict[str, float]] = field(default_factory=dict)
    left: dict[str, dict[str, float]] = field(default_factory=dict)
    shelves: dict[str, dict[str, float]] = field(default_factory=dict)
    view: dict[str, dict[str, float]] = field(default_factory=dict)
    rules: dict[str, dict[str, float]] = field(default_factory=dict)
    bounds: dict[str, dict[str, dict[str, tuple[float, float]]]] = field(default_factory=dict)
    skipped: int = 0
    corrupt: int = 0
    stalls: int = 0
    reconnects: int = 0
    camera: str = ""
    source: str = ""
    model: str = ""
    truth: Any = None

    def to_json(self) -> bytes:
        """As the summary file holds it: every field, indented for people."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"
