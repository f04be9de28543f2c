"""How right the analytics are, as the tables of docs/analytics.md.

    python -m benchmarks.analytics_accuracy [DATA] [--scenes queue,shelf]

Scenes with exact truth are rendered and run through whole cameras; DATA is the folder with the
MOTChallenge sequences and hand-counted clips, which are left out without it. No constant was
chosen on these seeds.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from pathlib import Path

from sightline.analytics.score import CountScore, EventScore
from sightline.camera.camera import Camera
from sightline.camera.evaluation import evaluate_scene, judge, scene_config
from sightline.track.base import TrackConfig
from sightline.track.finalise import Finaliser
from sightline.track.tracker import Tracker
from sightline.wire.formats.mot import MotWriter, read_mot
from sightline.wire.formats.sink import Sink
from sightline.wire.messages import Header

SEEDS = (71, 72, 73, 74)
PERFECT, TROUBLED = "truth", "truth?miss=0.1&jitter=0.02&split=0.02"
SCENES = {  # name: query, and seconds within which instants are the same
    "queue": ("seconds=300&fps=10&size=320x180", 5),
    "shelf": ("seconds=300&fps=5&size=640x360", 20),
    "factory": ("seconds=300&fps=10&size=320x180", 3),
    "luggage": ("seconds=300&fps=10&size=320x180", 10),
    "crowd": ("seconds=300&fps=5&size=320x180", 6),
    "ceiling": ("seconds=300&fps=10&size=320x180", 6),
    "entrance": ("seconds=300&fps=10&size=320x180&busy=2", 2),
}
FAULTS = (
    "covered@20-30,dark@45-55,blurred@70-80,moved@95-105,turned@120-130,flicker@145-155,"
    "frozen@170-180,clock@195-205"
)
LINES = ("MOT17-02", "MOT17-04", "MOT17-09", "TUD-Campus", "TUD-Stadtmitte")


def together(scores: list[EventScore]) -> EventScore:
    """Several runs as one."""
    matched = sum(one.matched for one in scores)
    late = sum(one.late_s * one.matched for one in scores) / max(1, matched)
    wrong = [one.wrong for one in scores if one.value]
    first = scores[0]
    return EventScore(
        first.kind,
        first.name,
        sum(one.found for one in scores),
        sum(one.true for one in scores),
        matched,
        late,
        next((one.value for one in scores if one.value), ""),
        sum(wrong) / len(wrong) if wrong else 0.0,
    )


def scenes(model: str, seeds: tuple[int, ...], names: list[str]) -> None:
    """One row for each kind of event and each number that is counted."""
    events: dict[tuple[str, str, str], list[EventScore]] = defaultdict(list)
    counts: dict[tuple[str, str], list[tuple[CountScore, float]]] = defaultdict(list)
    for name in names:
        query, within = SCENES[name]
        for seed in seeds:
            uri = f"scene:{name}?seed={seed}&{query}"
            scored = evaluate_scene(scene_config(uri, model), within)
            steps = {one.what: one.true for one in scored.steps}
            for one in scored.events:
                events[name, one.kind, one.name].append(one)
            for count in scored.counts:
                if count.what.split()[-1] in ("in", "out", "entries", "exits", "visits"):
                    counts[name, count.what].append((count, steps[count.what]))
    print("| scene | event | true | precision | recall | instant, mean | |")
    print("|---|---|---|---|---|---|---|")
    for (name, kind, _), parts in sorted(events.items()):
        one = together(parts)
        value = f"`{one.value}` off by {one.wrong:.1%}" if one.value else ""
        row = f"| {name} | `{kind}` | {one.true} | {one.precision:.3f} | {one.recall:.3f} "
        print(row + f"| {one.late_s:+.2f} s | {value} |")
    print(
        "\n| scene | counted | ours | true | off | wrong, run by run | every change of side | off |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for (name, what), numbers in sorted(counts.items()):
        ours = sum(one.counted for one, _ in numbers)
        true = sum(one.true for one, _ in numbers)
        wrong = sum(abs(one.counted - one.true) for one, _ in numbers)
        every = sum(steps for _, steps in numbers)
        row = f"| {name} | {what} | {ours:g} | {true:g} | {off(ours, true)} | {wrong:g} "
        print(row + f"| {every:g} | {off(ours, every)} |")
    print()


def off(ours: float, true: float) -> str:
    """By how much, as a share of the true number."""
    return f"{abs(ours - true) / max(1, true):.1%}"


def faults() -> None:
    """Every fault of the view at every scene."""
    events: dict[str, list[EventScore]] = defaultdict(list)
    for name in SCENES:
        for seed in SEEDS[:1]:
            uri = f"scene:{name}?seconds=215&fps=10&size=320x180&seed={seed}&fault={FAULTS}"
            for one in evaluate_scene(scene_config(uri, PERFECT), 2).events:
                if one.kind.startswith("view."):
                    events[one.kind].append(one)
    print("| fault | true | precision | recall | instant, mean |")
    print("|---|---|---|---|---|")
    for kind, parts in sorted(events.items()):
        one = together(parts)
        row = f"| `{kind}` | {one.true} | {one.precision:.3f} | {one.recall:.3f} "
        print(row + f"| {one.late_s:+.2f} s |")
    print()


def sequences(data: Path) -> None:
    """Lines and zones of mot_gt_counts.json: from ground truth, and from detections tracked."""
    told = json.loads((data / "mot_gt_counts.json").read_text())["sequences"]
    print("| sequence | true | ground truth | with hysteresis | tracked | `--delay 2s` |")
    print("|---|---|---|---|---|---|")
    for name in LINES:
        known = told[name]
        width, height = known["size"]
        lines = [
            {"name": line, "points": [[x / width, y / height] for x, y in (ends["A"], ends["B"])],
             "classes": ["person"]}
            for line, ends in known["lines"].items()
        ]  # fmt: skip
        truth = data / "mot" / name / "gt" / "gt.txt"
        known_counts = {
            line: {"in": ends["neg_to_pos"], "out": ends["pos_to_neg"]}
            for line, ends in known["lines"].items()
        }
        cells = [f"{sum(sum(ways.values()) for ways in known_counts.values())}"]
        with tempfile.TemporaryDirectory() as folder:
            counts = Path(folder) / "counts.json"
            counts.write_text(json.dumps({"lines": known_counts}))
            recordings = [(truth, True), (truth, False)]
            recordings += [(path, False) for path in tracked(data, name, known, Path(folder))]
            for path, exact in recordings:
                scored = judge(str(path), str(counts), {"lines": lines}, size=(width, height),
                               fps=known["fps"], exact=exact)  # fmt: skip
                error = sum(abs(n.counted - n.true) for n in scored.counts)
                true = sum(n.true for n in scored.counts)
                ours = sum(n.counted for n in scored.counts)
                cells.append(f"{ours:g}, off by {error / true:.0%}")
        print(f"| {name} | {' | '.join(cells)} |")
    print()


def tracked(data: Path, name: str, known: dict[str, object], out: Path) -> list[Path]:
    """Our tracks of the sequence's detections, at once and two seconds later."""
    width, height = known["size"]  # type: ignore[misc]
    folder = data / "mot" / name / "det"
    found = next(p for p in (folder / "det_frcnn.txt", *sorted(folder.glob("*.txt"))) if p.exists())
    paths = []
    for delay_s in (0.0, 2.0):
        config = TrackConfig(delay_s=delay_s)
        tracker = Tracker(config, width / height)
        finaliser = Finaliser(delay_s, width / height)
        path = out / f"tracks-{delay_s:g}.txt"
        writer = MotWriter(Sink.open(str(path)))
        writer.header(Header("", "", width, height, ("person",)))
        numbers: dict[int, int] = {}
        rows = []
        for number, seen in read_mot(found, width, height).frames():
            at = round((number - 1) * 1e9 / known["fps"])  # type: ignore[operator]
            numbers[at] = number - 1
            tracks = tracker.update(seen.with_tracks(seen.labels.astype("int64")), at)
            rows += finaliser.update(tracks, at) if delay_s else [(at, tracks)]
        for at, tracks in [*rows, *(finaliser.flush() if delay_s else [])]:
            writer.frame(tracks, ("person",), numbers[at], at)
        writer.close()
        paths.append(path)
    return paths


def clips(data: Path) -> None:
    """The hand-counted clip of people, end to end from video."""
    told = json.loads((data / "hand_counts.json").read_text())["clips"]
    name = "videos/one-by-one-person-detection.mp4"
    segments = told[name]["segments_frames"]
    camera = Camera(
        str(data / name),
        str(data / "models" / "yolox_nano_416.onnx"),
        detect={"classes": ["person"]},
        zones=[{"name": "all", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}],
    )
    left = [e for readout in camera.run() for e in readout.events if e.kind == "zone.left"]
    found = [(e.time_ns / 1e8 - e.data["dwell_s"] * 10, e.time_ns / 1e8) for e in left]
    off = [
        abs(a - b)
        for pair in zip(found, segments, strict=False)
        for a, b in zip(*pair, strict=True)
    ]
    visits, by_hand = camera.counts()["zones"]["all"]["visits"], told[name]["persons_total"]
    print(f"{name}: {visits:g} people, by hand {by_hand}")
    print(f"begin and end of each stay off by at most {max(off):.0f} frames\n")


def cars(data: Path) -> None:
    """The hand-counted clip of cars from above, which no network knows: by motion."""
    name = "videos/car-detection.mp4"
    told = json.loads((data / "hand_counts.json").read_text())["clips"][name]
    line = {"name": "mid", "points": [[1, 0.5], [0, 0.5]], "anchor": "center"}
    camera = Camera(str(data / name), "motion", lines=[line])
    for _ in camera.run():
        pass
    ways = camera.counts()["lines"]["mid"]
    print(
        f"{name}: {ways['in']:g} up, {ways['out']:g} down, by hand {told['up']}, {told['down']}\n"
    )


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--scenes", help="some of them only, and no more", metavar="NAME,NAME")
    arguments = parser.parse_args()
    if arguments.scenes:
        scenes(PERFECT, SEEDS, arguments.scenes.split(","))
        return
    print("### Scenes, perfect tracks\n")
    scenes(PERFECT, SEEDS, list(SCENES))
    print(f"### Scenes, `--model '{TROUBLED}'`\n")
    scenes(TROUBLED, SEEDS[:1], list(SCENES))
    print("### Faults of the view\n")
    faults()
    if arguments.data:
        print("### MOTChallenge\n")
        sequences(arguments.data)
        print("### Hand-counted\n")
        clips(arguments.data)
        cars(arguments.data)


if __name__ == "__main__":
    main()
