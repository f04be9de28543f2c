"""Whether the truth is where the intervals say, as the table of docs/analytics.md.

    python -m benchmarks.error_bars [--fit | --rendered] [FOLDER]

The true tracks of rendered scenes, of seeds that the intervals were not fitted to, are seen by
detectors from good to bad (`sightline.sensor.weak`), followed by our tracker and counted: minute by
minute, and the minutes added up. `--fit` prints the tables of `sightline.analytics.evidence` anew,
from other seeds. `--rendered` looks at painted pictures with the network that comes with Sightline
instead, a few minutes of them. FOLDER keeps the scenes' truths from run to run.
"""

from __future__ import annotations

import pickle
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.asking import ask
from sightline.analytics.audit import AuditConfig, audited
from sightline.analytics.doubt import Doubt
from sightline.analytics.evidence import COMMON, TABLE
from sightline.analytics.line import Line
from sightline.analytics.paths import Paths, PathsConfig
from sightline.analytics.queue import Queue
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone
from sightline.camera.camera import Camera
from sightline.camera.evaluation import scene_config
from sightline.picture import Frame
from sightline.picture.rgb import RgbPicture
from sightline.postprocess.base import DecodeConfig
from sightline.results import Detections
from sightline.sensor.base import Capture
from sightline.sensor.truth import LABELS, TruthSensor, parse_truth
from sightline.source.rendering.truth import truth_counts
from sightline.source.scene import truths
from sightline.track.base import TrackConfig
from sightline.track.tracker import Tracker
from sightline.twin.questions import questions

Told = list[tuple[int, Any]]

SCENES = {"entrance": 360, "ceiling": 480, "queue": 480, "crowd": 180}  # seconds
FITTED, TESTED = (101, 102), (201, 202)
DETECTORS = {
    "perfect": "track=0",
    "good": "weak=0.5&track=1",
    "fair": "weak=1&track=1",
    "fair, sees ghosts": "weak=1&ghosts=10&track=1",
    "weak": "weak=1.5&ghosts=3&track=1",
    "bad": "weak=2&track=1",
}
_LIGHT = 3.0
WAYS = PathsConfig.model_validate(
    {
        "name": "ways",
        "places": [
            {"name": "left", "polygon": [[0, 0], [0.33, 0], [0.33, 1], [0, 1]]},
            {"name": "middle", "polygon": [[0.4, 0], [0.6, 0], [0.6, 1], [0.4, 1]]},
            {"name": "right", "polygon": [[0.67, 0], [1, 0], [1, 1], [0.67, 1]]},
        ],
    }
)
FPS, ASPECT = 10, 16 / 9
_PICTURE = RgbPicture(np.zeros((9, 16, 3), np.uint8))


@dataclass(slots=True)
class Number:
    """One number of one place: what it is, what is true, what we say, and on what that rests.

    over, by  the doubt; `by` is what it is divided by, where it is a mean
    pieces    the evidence, where it is a count or seconds
    """

    scene: str
    detector: str
    of: str
    name: str
    true: float
    ours: float
    over: Doubt
    by: Doubt | None = None
    pieces: dict[str, float] | None = None

    def holds(self) -> bool:
        """Whether the truth lies within the interval."""
        low, high = self.interval()
        return low - 1e-6 <= self.true <= high + 1e-6

    def interval(self) -> tuple[float, float]:
        """Both ends."""
        return self.over.counts() if self.by is None else self.over.over(self.by)


def film(scene: str, seed: int, folder: Path | None) -> Told:
    """What is true of a scene, picture by picture."""
    kept = folder / f"{scene}_seed{seed}_seconds{SCENES[scene]}_fps{FPS}.pkl" if folder else None
    if kept and kept.exists():
        told: Told = pickle.loads(kept.read_bytes())
        return told
    told = list(truths(f"scene:{scene}?seed={seed}&seconds={SCENES[scene]}&fps={FPS}"))
    if kept:
        kept.write_bytes(pickle.dumps(told))
    return told


def watched(scene: str, told: Told, detector: str, chance: int) -> Iterator[Number]:
    """Every number of every line and zone of the scene over some of its time."""
    config = scene_config(f"scene:{scene}", "truth")
    keys = parse_truth(f"truth?{DETECTORS[detector]}&seed={chance}")
    frames = [Frame(_PICTURE, at, number, truth=now) for number, (at, now) in enumerate(told)]
    sensor = TruthSensor(frames, keys)
    config = config.model_copy(update={"paths": (WAYS,)})
    asked = [
        one for one in questions(config, LABELS, ASPECT) if isinstance(one, Line | Zone | Paths)
    ]
    tracker = Tracker(TrackConfig(high_score=DecodeConfig().score), ASPECT)  # as a camera's
    for capture in sensor.captures():
        assert isinstance(capture, Capture)
        boxes, scores, labels, ids = capture.tensors
        seen = Detections(boxes, scores, labels, ids)
        tracks = tracker.update(seen, capture.time_ns) if keys.track else seen
        ask(asked, tracks, capture.time_ns)
    for one in asked:
        one.finish()
    yield from _trips(scene, detector, asked, told)
    asked = [one for one in asked if not isinstance(one, Paths)]
    lines = {one.name: [c for point in one.points for c in point] for one in config.lines}
    zones = {one.name: one.polygon for one in (*config.zones, *config.queues, *config.dwell)}
    true = truth_counts(told, lines, zones)
    waits = [
        event["data"]["wait_s"]
        for _, now in told
        for event in now.get("events", ())
        if event["kind"] == "queue.left"
    ]
    for one in asked:
        yield from _numbers(scene, detector, one, true, waits)


def _trips(
    scene: str, detector: str, asked: Sequence[Any], told: Sequence[Any]
) -> Iterator[Number]:
    """From where to where people went, beside what the true paths of their feet say."""
    truth = Paths(WAYS, LABELS, ASPECT, Roster(ASPECT, memory_s=inf, mend=False))
    for at, now in told:
        feet = {o["id"]: o["box"] for o in now["objects"] if o["label"] == "person"}
        boxes = np.array(list(feet.values()), np.float32).reshape(-1, 4)
        ones, ids = np.ones(len(feet), np.float32), np.array(list(feet), np.int64)
        truth.update(Detections(boxes, ones, np.zeros(len(feet), np.int32), ids), at)
    truth.finish()
    (ours,) = (one for one in asked if isinstance(one, Paths))
    true, seen, doubts = truth.summary(), ours.summary(), ours._tally.doubts()
    evidence, loose = ours._tally._evidence, ours._tally.loose
    for ends in sorted((true.keys() | seen.keys()) - {"trips"}):
        part = seen.get(ends, 0) / max(seen["trips"], 1)
        pieces = dict(evidence[ends].pieces) if ends in evidence else {}
        pieces |= {kind: amount * part for kind, amount in loose.items()}
        yield Number(
            scene, detector, "trips", ends, true.get(ends, 0), seen.get(ends, 0),
            doubts.get(ends, Doubt()), None, pieces,
        )  # fmt: skip


def _numbers(
    scene: str, detector: str, one: Any, true: dict[str, dict[str, Any]], waits: Sequence[float]
) -> Iterator[Number]:
    name, summary = one.config.name, one.summary()
    if isinstance(one, Line):
        for way, evidence in one._evidence.items():
            yield Number(
                scene, detector, "line", f"{name} {way}", true["lines"][name][way], summary[way],
                evidence.doubt(), None, dict(evidence.pieces),
            )  # fmt: skip
        return
    known = true["zones"][name]
    for of, evidence in one._staying.counted.items():
        yield Number(
            scene, detector, of, f"{name} {of}", known[of], summary[of],
            evidence.doubt(), None, dict(evidence.pieces),
        )  # fmt: skip
    visits, stayed = one.doubts()["visits"], one._stayed()
    seen = one._visits.total_s(one.roster.trails.seen_s)
    yield Number(
        scene, detector, "seconds", f"{name} seconds", known["dwell_s"] * known["visits"], seen,
        stayed, Doubt(1.0), {**one._staying.stayed.pieces, "seen": seen},
    )  # fmt: skip
    if known["visits"]:
        yield Number(
            scene, detector, "dwell", f"{name} dwell", known["dwell_s"], summary["dwell_s"],
            stayed, visits,
        )  # fmt: skip
    if isinstance(one, Queue) and waits:
        served, waited = one._served_by.doubt(), one._waits_by.doubt()
        yield Number(
            scene, detector, "wait", f"{name} wait", sum(waits) / len(waits), summary["wait_s"],
            waited, served,
        )  # fmt: skip
        yield Number(
            scene, detector, "served", f"{name} served", len(waits), summary["served"], served,
            None, dict(one._served_by.pieces),
        )  # fmt: skip
        yield Number(
            scene, detector, "waits", f"{name} waits", sum(waits), summary["wait_s"], waited,
            Doubt(1.0), dict(one._waits_by.pieces),
        )  # fmt: skip


def added(numbers: Sequence[Number]) -> Iterator[Number]:
    """The minutes of each place together."""
    by_place: dict[tuple[str, str, str, str], list[Number]] = defaultdict(list)
    for one in numbers:
        if one.pieces is not None:
            by_place[one.scene, one.detector, one.of, one.name].append(one)
    for (scene, detector, of, name), parts in by_place.items():
        pieces: dict[str, float] = defaultdict(float)
        for part in parts:
            for kind, amount in (part.pieces or {}).items():
                pieces[kind] += amount
        yield Number(
            scene, detector, of, name, sum(p.true for p in parts), sum(p.ours for p in parts),
            sum((p.over for p in parts), Doubt()), parts[0].by, dict(pieces),
        )  # fmt: skip


def measured(seeds: Sequence[int], folder: Path | None) -> tuple[list[Number], list[Number]]:
    """Numbers of single minutes, and of some minutes together (a queue's: as they are)."""
    short: list[Number] = []
    long: list[Number] = []
    for scene in SCENES:
        for seed in seeds:
            told = film(scene, seed, folder)
            for chance, detector in enumerate(DETECTORS):
                minutes = [
                    number
                    for begin in range(0, len(told) - 60 * FPS + 1, 60 * FPS)
                    for number in watched(
                        scene, told[begin : begin + 60 * FPS], detector, seed + begin + chance
                    )
                    if number.of not in ("wait", "served", "waits")
                ]
                short += minutes
                long += added(minutes)
                if scene == "queue":
                    whole = watched(scene, told, detector, seed + chance)
                    long += [one for one in whole if one.of in ("wait", "served", "waits", "dwell")]
    return short, long


def table(rows: Sequence[Number], what: str) -> None:
    """How often the truth was within, by number and by detector."""
    print(f"| {what} | intervals | true a piece | off by, as counted | wide | hold the truth |")
    print("|---|---|---|---|---|---|")
    for by in ("of", "detector"):
        groups: dict[str, list[Number]] = defaultdict(list)
        for one in rows:
            if one.of not in ("seconds", "waits", "served"):
                groups[getattr(one, by)].append(one)
        for name, some in groups.items():
            true = np.array([one.true for one in some])
            off = np.array([abs(one.ours - one.true) for one in some])
            wide = np.array([one.interval()[1] - one.interval()[0] for one in some])
            held = np.mean([one.holds() for one in some])
            print(
                f"| {name} | {len(some)} | {true.mean():.1f} | {off.mean():.2f} "
                f"| {wide.mean():.2f} | {held:.1%} |"
            )
    print()


def fitted(short: Sequence[Number], long: Sequence[Number]) -> None:
    """New tables of weights, variances and common errors."""
    for of in TABLE:
        rows = [one for one in (*short, *long) if one.of == of and one.detector != "perfect"]
        if not rows:
            continue
        kinds = [kind for kind in TABLE[of] if kind != "seen"]
        pieces = np.array([[(one.pieces or {}).get(kind, 0.0) for kind in kinds] for one in rows])
        seen = np.array([(one.pieces or {}).get("seen", 0.0) for one in rows])
        true = np.array([one.true for one in rows]) - seen
        guess = np.array([TABLE[of][kind].weight for kind in kinds])
        scatter = np.array([TABLE[of][kind].variance for kind in kinds])
        weights, variances, common = _fit(pieces, true, seen, guess, scatter, COMMON[of])
        print(f'    "{of}": {{')
        for kind, weight, variance in zip(kinds, weights, variances, strict=True):
            total = pieces[:, kinds.index(kind)].sum() / 2
            print(f'        "{kind}": Piece({weight:.2f}, {variance:.3f}),  # {total:.0f}')
        print(f"    }},  # common {common:.3f}")


def _fit(
    pieces: NDArray[np.float64],
    true: NDArray[np.float64],
    seen: NDArray[np.float64],
    guess: NDArray[np.float64],
    scatter: NDArray[np.float64],
    share: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Weighted least squares, then variances to the squares of what is left.

    Both are held lightly to what is in the table, by which kinds that come seldom are told apart.
    """
    spread = np.maximum(pieces.sum(axis=1), 1.0)
    weights, variances, common = guess, scatter, share
    for _ in range(12):
        hold = np.sqrt(20.0) * np.eye(len(guess)) / np.sqrt(np.median(spread) + 1)
        weights = _not_negative(
            np.concatenate([pieces / np.sqrt(spread)[:, None], hold]),
            np.concatenate([true / np.sqrt(spread), hold @ guess]),
        )
        expected = pieces @ weights + seen
        square = (true + seen - expected) ** 2
        columns = np.column_stack([pieces, expected**2])
        before = np.append(scatter, share**2)
        light = _LIGHT / np.maximum(before, 1e-3)  # a relative error of one costs so much
        found = _not_negative(
            np.concatenate([columns / spread[:, None], np.diag(light)]),
            np.concatenate([square / spread, light * before]),
        )
        variances, common = found[:-1], float(np.sqrt(found[-1]))
        spread = np.maximum(columns @ found, 0.1)
    return weights, variances, common


def _not_negative(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least squares without negative numbers: those that would be are left out, worst first."""
    used = np.ones(left.shape[1], np.bool_)
    while True:
        found = np.zeros(left.shape[1])
        found[used] = np.linalg.lstsq(left[:, used], right, rcond=None)[0]
        if (found >= 0).all():
            return found
        used[found.argmin()] = False


def rendered(scene: str, seeds: Sequence[int]) -> None:
    """The whole camera, from pictures: how often the truth was within, as it is, and once the two
    minutes of the first two seeds have been audited."""
    held: dict[str, list[bool]] = defaultdict(list)
    audits: dict[tuple[str, str], list[AuditConfig]] = defaultdict(list)
    for nth, seed in enumerate(seeds):
        uri = f"scene:{scene}?seed={seed + 400}&seconds=60&fps=10&size=640x360"
        config = scene_config(uri, "scene")
        camera = Camera(config)
        told = [(one.time_ns, one.truth) for one in camera.run() if one.truth is not None]
        lines = {one.name: [c for point in one.points for c in point] for one in config.lines}
        zones = {one.name: one.polygon for one in (*config.zones, *config.queues)}
        true = truth_counts(told, lines, zones)
        asked = {one.config.name: one for one in camera._questions if isinstance(one, Line | Zone)}
        for name, one in asked.items():
            of_line = isinstance(one, Line)
            known = true["lines" if of_line else "zones"][name]
            for of, doubt in one.doubts().items():
                plain = Doubt(doubt.expected, doubt.variance)
                share = COMMON["line" if of_line else of]  # type: ignore[index]
                if nth < 2:
                    audit = AuditConfig(
                        of=of, counted=known[of], expected=doubt.expected, variance=doubt.variance
                    )
                    audits[name, of].append(audit)
                for when, (low, high) in (
                    ("as it is", doubt.counts()),
                    ("audited", audited(plain, share, audits[name, of]).counts()),
                ):
                    if nth >= 2 or when == "as it is":
                        held[f"{scene}, {when}"].append(low <= known[of] <= high)
            if not of_line:
                low, high = one.bounds()["dwell_s"]
                held[f"{scene}, dwell"].append(low <= known["dwell_s"] <= high)
    for what, rows in held.items():
        print(f"| {what} | {len(rows)} | {np.mean(rows):.1%} |")


def main() -> None:
    """Print the tables."""
    options = [word for word in sys.argv[1:] if word.startswith("--")]
    folders = [Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    folder = folders[0] if folders else None
    if "--rendered" in options:
        print("| from pictures | intervals | hold the truth |")
        print("|---|---|---|")
        rendered("entrance", range(1, 6))
        rendered("queue", range(1, 6))
        return
    short, long = measured(FITTED if "--fit" in options else TESTED, folder)
    if "--fit" in options:
        fitted(short, long)
    table(short, "minutes")
    table(long, "added up")
    print("common errors:", dict(COMMON))


if __name__ == "__main__":
    main()
