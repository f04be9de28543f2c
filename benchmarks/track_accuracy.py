"""HOTA, MOTA and IDF1 of trackers on the same detections, by TrackEval, in one run.

    python benchmarks/track_accuracy.py DATA [--peer-python PATH ...]

DATA holds MOT17-02, MOT17-04 and MOT17-09 as MOTChallenge lays them out, with det/det_frcnn.txt.
Each PATH is a Python with some of the peers of track_speed.py, which run with their defaults.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

SEQUENCES = {"MOT17-02": 600, "MOT17-04": 1050, "MOT17-09": 525}


def detections(path: Path, frames: int) -> list[np.ndarray]:
    """Rows left, top, width, height, score of each frame."""
    rows = np.loadtxt(path, delimiter=",")
    return [rows[rows[:, 0] == number + 1, 2:7] for number in range(frames)]


def run_peers(data: Path, out: Path) -> None:
    """Write the tracks of every peer that can be imported here."""
    for name, make in {
        "supervision ByteTrack": supervision_bytetrack,
        "trackers SORT": trackers_sort,
        "trackers ByteTrack": trackers_bytetrack,
    }.items():
        try:
            for sequence, frames in SEQUENCES.items():
                found = detections(data / sequence / "det" / "det_frcnn.txt", frames)
                write(out / name / "data" / f"{sequence}.txt", make(), found)
        except ImportError:
            continue


def write(path: Path, tracker: object, frames: list[np.ndarray]) -> None:
    import supervision as sv

    path.parent.mkdir(parents=True, exist_ok=True)
    update = getattr(tracker, "update_with_detections", None) or tracker.update  # type: ignore[attr-defined]
    with path.open("w") as file:
        for number, rows in enumerate(frames, 1):
            boxes = np.concatenate([rows[:, :2], rows[:, :2] + rows[:, 2:4]], axis=1)
            tracks = update(
                sv.Detections(boxes.astype(np.float32), None, rows[:, 4], np.zeros(len(rows), int))
            )
            for (x1, y1, x2, y2), track in zip(tracks.xyxy, tracks.tracker_id, strict=True):
                if track >= 0:
                    file.write(f"{number},{track},{x1},{y1},{x2 - x1},{y2 - y1},1,-1,-1,-1\n")


def supervision_bytetrack() -> object:
    import supervision as sv

    if not sv.__version__.startswith("0.27"):
        raise ImportError
    return sv.ByteTrack(frame_rate=30)


def trackers_sort() -> object:
    from trackers import SORTTracker

    return SORTTracker()


def trackers_bytetrack() -> object:
    from trackers import ByteTrackTracker

    return ByteTrackTracker()


def run_ours(data: Path, out: Path) -> None:
    for name, delay in (("sightline", "0s"), ("sightline, 2 s later", "2s")):
        (out / name / "data").mkdir(parents=True)
        for sequence in SEQUENCES:
            source = data / sequence / "det" / "det_frcnn.txt"
            target = out / name / "data" / f"{sequence}.txt"
            command = ["track", str(source), "--delay", delay, "-o", str(target), "--quiet"]
            subprocess.run(
                [sys.executable, "-c", "from sightline.cli import main; main()", *command],
                check=True,
            )


def score(data: Path, out: Path) -> dict[str, list[float]]:
    import trackeval

    quiet = {"PRINT_CONFIG": False}
    dataset = trackeval.datasets.MotChallenge2DBox(
        {
            **quiet,
            "GT_FOLDER": str(data),
            "TRACKERS_FOLDER": str(out),
            "SEQ_INFO": SEQUENCES,
            "SKIP_SPLIT_FOL": True,
        }
    )
    off = dict.fromkeys(("PRINT_RESULTS", "TIME_PROGRESS", "OUTPUT_SUMMARY", "PLOT_CURVES"), False)
    evaluator = trackeval.Evaluator({**quiet, **off, "OUTPUT_DETAILED": False})
    metrics = [
        trackeval.metrics.HOTA(quiet),
        trackeval.metrics.CLEAR({**quiet, "THRESHOLD": 0.5}),
        trackeval.metrics.Identity({**quiet, "THRESHOLD": 0.5}),
    ]
    results, _ = evaluator.evaluate([dataset], metrics)
    rows = {}
    for name, result in results["MotChallenge2DBox"].items():
        found = result["COMBINED_SEQ"]["pedestrian"]
        values = found["HOTA"]["HOTA"].mean(), found["CLEAR"]["MOTA"], found["Identity"]["IDF1"]
        rows[name] = [float(value) * 100 for value in values]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--peer-python", action="append", default=[], metavar="PATH")
    parser.add_argument("--peers-into", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peers_into:
        run_peers(arguments.data, arguments.peers_into)
        return
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        run_ours(arguments.data, out)
        for python in [sys.executable, *arguments.peer_python]:
            command = [
                python,
                "-W",
                "ignore",
                __file__,
                str(arguments.data),
                "--peers-into",
                folder,
            ]
            subprocess.run(command, check=True)
        rows = score(arguments.data, out)
    print(f"{'':24}{'HOTA':>8}{'MOTA':>8}{'IDF1':>8}")
    for name, values in sorted(rows.items(), key=lambda row: -row[1][0]):
        print(f"{name:24}" + "".join(f"{value:8.1f}" for value in values))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
