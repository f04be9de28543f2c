"""Scores on MOT17 and TUD, by TrackEval, from public detections and with one configuration."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sightline.cli import app

pytestmark = pytest.mark.data

MOT17 = {
    "MOT17-02": ("det_frcnn.txt", 600, "1920x1080", 30),
    "MOT17-04": ("det_frcnn.txt", 1050, "1920x1080", 30),
    "MOT17-09": ("det_frcnn.txt", 525, "1920x1080", 30),
}
TUD = {
    "TUD-Campus": ("det_sort.txt", 71, "640x480", 25),
    "TUD-Stadtmitte": ("det_sort.txt", 179, "640x480", 25),
}


def scores(data: Path, folder: Path, footage: dict[str, Any], delay: str) -> dict[str, float]:
    """HOTA, MOTA and IDF1 in percent, over all sequences as TrackEval combines them."""
    import trackeval

    out = folder / "ours" / "data"
    out.mkdir(parents=True)
    for name, (file, _, size, fps) in footage.items():
        detections = data / "mot" / name / "det" / file
        arguments = ["track", str(detections), "--size", size, "--fps", str(fps), "--delay", delay]
        ran = CliRunner().invoke(app, [*arguments, "-o", str(out / f"{name}.txt"), "--quiet"])
        assert ran.exit_code == 0, ran.output
    quiet = {"PRINT_CONFIG": False}
    dataset = trackeval.datasets.MotChallenge2DBox(
        {
            **quiet,
            "GT_FOLDER": str(data / "mot"),
            "TRACKERS_FOLDER": str(folder),
            "SEQ_INFO": {name: frames for name, (_, frames, _, _) in footage.items()},
            "SKIP_SPLIT_FOL": True,
            "BENCHMARK": "MOT17" if footage is MOT17 else "MOT15",
            "DO_PREPROC": footage is MOT17,
        }
    )
    settings = {**quiet, "PRINT_RESULTS": False, "TIME_PROGRESS": False, "USE_PARALLEL": False}
    settings |= dict.fromkeys(("OUTPUT_SUMMARY", "OUTPUT_DETAILED", "PLOT_CURVES"), False)
    metrics = [
        trackeval.metrics.HOTA(quiet),
        trackeval.metrics.CLEAR({**quiet, "THRESHOLD": 0.5}),
        trackeval.metrics.Identity({**quiet, "THRESHOLD": 0.5}),
    ]
    evaluator = trackeval.Evaluator({**settings, "BREAK_ON_ERROR": True})
    results, _ = evaluator.evaluate([dataset], metrics)
    found = results["MotChallenge2DBox"]["ours"]["COMBINED_SEQ"]["pedestrian"]
    return {
        "HOTA": float(found["HOTA"]["HOTA"].mean() * 100),
        "MOTA": float(found["CLEAR"]["MOTA"] * 100),
        "IDF1": float(found["Identity"]["IDF1"] * 100),
    }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("footage", "delay", "least"),
    [
        pytest.param(MOT17, "0s", {"HOTA": 53.5, "IDF1": 63.5, "MOTA": 52.2}, id="MOT17 online"),
        pytest.param(MOT17, "2s", {"HOTA": 55.4, "IDF1": 64.6, "MOTA": 53.7}, id="MOT17 delayed"),
        pytest.param(TUD, "0s", {"HOTA": 53.8}, id="TUD online"),
        pytest.param(TUD, "2s", {"HOTA": 53.8}, id="TUD delayed"),
    ],
)
def test_scores(
    data: Path, tmp_path: Path, footage: dict[str, Any], delay: str, least: dict[str, float]
) -> None:
    found = scores(data, tmp_path, footage, delay)
    print({name: round(value, 2) for name, value in found.items()})
    for name, value in least.items():
        assert found[name] >= value
