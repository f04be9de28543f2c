"""Lines and zones: CPU time a picture, ours and supervision's on the same tracks.

python -m benchmarks.analytics
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.base import Findings, Skipped, Spent, cheapest, compared, interleaved
from benchmarks.inputs import Inputs
from sightline.analytics.base import Analytic
from sightline.analytics.heat import Heat, HeatConfig
from sightline.analytics.line import Line, LineConfig
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.results import Detections
from sightline.track.tracker import Tracker
from sightline.twin.config import parse_config
from sightline.twin.questions import questions

WIDTH, HEIGHT, FPS = 1920, 1080, 30
FRAMES, ROUNDS = 300, 5
ASPECT = WIDTH / HEIGHT
Picture = tuple[NDArray[np.float32], NDArray[np.int64]]
Step = Callable[[NDArray[np.float32], NDArray[np.int64]], Any]
Asked = Sequence[Analytic]


def rows(_: Inputs) -> Findings:
    """Line and zone alone, with a tracker before them, and many of them in a crowd."""
    try:
        import supervision as sv
    except ImportError:
        yield Skipped("lines and zones", "needs supervision")
        return
    for people, each in ((8, 1), (27, 2), (100, 10)):
        film = pictures(people)
        spent = interleaved(
            {
                "ours": lambda film=film, n=each: played(film, ours(n)),
                "theirs": lambda film=film, n=each: played(film, theirs(sv, n)),
            },
            ROUNDS,
        )
        claim = f"{each} lines and {each} zones, {people} objects"
        yield compared(claim, spent["ours"], "supervision", spent["theirs"], None)
    film = pictures(100)
    with_heat = {
        "theirs": lambda: played(film, theirs(sv, 10, heat=True)),
        "lines, zones, heat map": lambda: played(film, ours(10, heat=True)),
        "everything": lambda: played(film, everything(10)),
    }
    spent = interleaved(with_heat, ROUNDS)
    whole = spent.pop("theirs")
    for what, mine in spent.items():
        claim = f"{what}: 10 lines, 10 zones, 100 objects"
        # They have no more than lines, zones and a heat map to be compared with.
        target = None if what == "everything" else 1 / 20
        yield compared(claim, mine, "supervision lines, zones, heat map", whole, target)
    film = pictures(8)
    peers: Spent = interleaved(
        {
            "ours": lambda: played(film, ours_tracked()),
            **{
                name: lambda tracker=tracker: played(film, theirs_tracked(sv, tracker()))
                for name, tracker in _trackers(sv).items()
            },
        },
        ROUNDS,
    )
    mine = peers.pop("ours")
    best = cheapest(peers)
    yield compared("track, 1 line, 1 zone, 8 objects", mine, best, peers[best], 0.4)


def pictures(people: int, seed: int = 1) -> list[Picture]:
    """Boxes in pixels and identities of people who walk to and fro."""
    random = np.random.default_rng(seed)
    at, pace = random.uniform(0.1, 0.9, (people, 2)), random.normal(0, 0.004, (people, 2))
    half = np.array([0.015, 0.08])
    scale = np.array([WIDTH, HEIGHT] * 2)
    film = []
    for _ in range(FRAMES):
        at = at + pace
        pace = np.where((at < 0.1) | (at > 0.9), -pace, pace)
        order = random.permutation(people)
        shaky = at[order] + random.normal(0, 0.001, (people, 2))
        boxes = np.concatenate([shaky - half, shaky + half], axis=1) * scale
        film.append((boxes.astype(np.float32), order.astype(np.int64) + 1))
    return film


def played(film: list[Picture], step: Step) -> float:
    """The number of pictures that went through."""
    for boxes, ids in film:
        step(boxes, ids)
    return len(film)


def ours(each: int, heat: bool = False) -> Step:
    """So many lines and zones that share a roster, and a heat map."""
    return _asking(_asked(each, heat))


def everything(each: int) -> Step:
    """All that a busy camera may be asked: every analytic there is."""
    door = {"name": "door", "points": [[0.5, 0], [0.5, 1]]}
    asked = {
        "lines": [{"name": f"l{i}", "points": [[x, 0], [x, 1]]} for i, x in enumerate(_xs(each))],
        "zones": [{"name": f"z{i}", "polygon": _corners(x)} for i, x in enumerate(_xs(each))],
        "heatmaps": [{"name": "heat"}],
        "dwell": [{"name": "stay", "polygon": _corners(0.3), "loiter_s": 5}],
        "people": [{"name": "room", "entrances": [door]}],
        "queues": [{"name": "till", "polygon": _corners(0.5), "path": [[0.5, 0.3]]}],
        "paths": [
            {"name": "ways", "places": [
                {"name": str(i), "polygon": _corners(x)} for i, x in enumerate(_xs(4))]}
        ],
        "distances": [{"name": "near", "limit_m": 1.0}],
        "crowds": [{"name": "square"}],
        "speeds": [{"name": "fast", "limit": 3.0}],
        "ground": {
            "picture": [[0, 1], [1, 1], [1, 0], [0, 0]],
            "floor": [[0, 0], [16, 0], [16, 9], [0, 9]],
        },
    }  # fmt: skip
    config = parse_config({"source": "film", **asked}, "benchmark")
    return _asking(questions(config, ["person"], ASPECT))


def ours_tracked() -> Step:
    """A tracker, a line and a zone."""
    tracker = Tracker(aspect=ASPECT)
    return _asking(_asked(1), tracker)


def _asked(each: int, heat: bool = False) -> Asked:
    roster = Roster(ASPECT)
    lines = [LineConfig(name=f"l{i}", points=((x, 0), (x, 1))) for i, x in enumerate(_xs(each))]
    zones = [ZoneConfig(name=f"z{i}", polygon=_corners(x)) for i, x in enumerate(_xs(each))]
    return [
        *(Line(line, ["person"], roster=roster) for line in lines),
        *(Zone(zone, ["person"], roster=roster) for zone in zones),
        *([Heat(HeatConfig(name="heat"), ["person"], roster=roster)] if heat else []),
    ]


def _asking(asked: Asked, tracker: Tracker | None = None) -> Step:
    scale = np.array([WIDTH, HEIGHT] * 2, np.float32)
    now = iter(range(0, 1 << 62, 10**9 // FPS))

    def step(boxes: NDArray[np.float32], ids: NDArray[np.int64]) -> None:
        scores, labels = np.full(len(ids), 0.9, np.float32), np.zeros(len(ids), np.int32)
        seen, time_ns = Detections(boxes / scale, scores, labels, ids), next(now)
        if tracker is not None:
            seen = tracker.update(seen, time_ns)
        for one in asked:
            one.update(seen, time_ns)

    return step


def theirs(sv: Any, each: int, heat: bool = False) -> Step:
    """So many LineZone and PolygonZone, bottom centre, and a heat map as they draw it."""
    bottom = [sv.Position.BOTTOM_CENTER]
    lines = [
        sv.LineZone(sv.Point(x * WIDTH, 0), sv.Point(x * WIDTH, HEIGHT), triggering_anchors=bottom)
        for x in _xs(each)
    ]
    zones = [
        sv.PolygonZone((np.array(_corners(x)) * [WIDTH, HEIGHT]).astype(int), bottom)
        for x in _xs(each)
    ]

    map_of = sv.HeatMapAnnotator(position=sv.Position.BOTTOM_CENTER)
    scene = np.zeros((HEIGHT, WIDTH, 3), np.uint8)

    def step(boxes: NDArray[np.float32], ids: NDArray[np.int64]) -> None:
        found = sv.Detections(boxes, class_id=np.zeros(len(ids), int), tracker_id=ids)
        for one in (*lines, *zones):
            one.trigger(found)
        if heat:
            map_of.annotate(scene, found)

    return step


def theirs_tracked(sv: Any, follow: Callable[[Any], Any]) -> Step:
    """A tracker of theirs, a LineZone and a PolygonZone."""
    ask = theirs(sv, 1)

    def step(boxes: NDArray[np.float32], ids: NDArray[np.int64]) -> None:
        scores = np.full(len(ids), 0.9, np.float32)
        found = follow(sv.Detections(boxes, confidence=scores, class_id=np.zeros(len(ids), int)))
        ask(found.xyxy, found.tracker_id)

    return step


def _trackers(sv: Any) -> dict[str, Callable[[], Callable[[Any], Any]]]:
    found: dict[str, Callable[[], Callable[[Any], Any]]] = {}
    if hasattr(sv, "ByteTrack"):
        found["supervision.ByteTrack"] = lambda: sv.ByteTrack().update_with_detections
    try:
        from trackers import ByteTrackTracker, SORTTracker
    except ImportError:
        return found
    found["trackers.SORT"] = lambda: SORTTracker().update
    found["trackers.ByteTrack"] = lambda: ByteTrackTracker().update
    return found


def _xs(each: int) -> list[float]:
    return [(number + 1) / (each + 1) for number in range(each)]


def _corners(x: float) -> tuple[tuple[float, float], ...]:
    return (x - 0.08, 0.2), (x + 0.08, 0.25), (x + 0.06, 0.9), (x - 0.05, 0.8)


if __name__ == "__main__":
    for finding in rows(Inputs.found(None)):
        print(finding)
