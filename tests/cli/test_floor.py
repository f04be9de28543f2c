"""The floor on the command line: calibrate, heatmap, and several recordings over one plan."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from sightline.cli import app
from sightline.cli.recordings import floor_rows
from sightline.errors import ConfigError, InputError, SightlineError
from sightline.geometry.ground import Ground
from sightline.results import Detections
from sightline.source.rendering.entrance import ENTRANCE
from sightline.twin.plan import Plan
from sightline.wire.formats.open import open_reader, open_writer
from sightline.wire.messages import Header

S = 10**9
VIEW = ENTRANCE.view
PICTURE = [[0, 1], [1, 1], [1, 0], [0, 0]]


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(app, list(arguments))
    if isinstance(result.exception, SightlineError):
        raise result.exception
    assert result.exception is None, result.output
    return result


def recorded(path: Path, camera: str, rows: Any, size: tuple[int, int] = (1600, 900)) -> str:
    """A recording of (time in seconds, boxes by track)."""
    writer = open_writer(str(path), None)
    writer.header(
        Header(camera=camera, source="x", width=size[0], height=size[1], labels=("person",))
    )
    for number, (at, boxes) in enumerate(rows):
        count = len(boxes)
        tracks = Detections(
            np.array(list(boxes.values()), np.float32).reshape(count, 4),
            np.ones(count, np.float32),
            np.zeros(count, np.int32),
            np.array(list(boxes), np.int64),
        )
        writer.frame(tracks, ("person",), number, round(at * S), None, "")
    writer.close()
    return str(path)


def standing(x: float, y: float, tall: float) -> list[float]:
    """The box of a person in the rendered scene's exactly known camera."""
    foot, head = VIEW.fractions(np.array([[x, y, 0.0], [x, y, tall]]))
    half = 0.12 * (foot[1] - head[1])
    return [foot[0] - half, head[1], foot[0] + half, foot[1]]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Any]:
    """People on the floor of the rendered scene, and where they truly stand."""
    random = np.random.default_rng(1)
    middle = VIEW.position[:2]
    ahead = np.array([2.0, 8.0])
    rows, places = [], []
    for number in range(200):
        x, y = middle + np.array([random.uniform(-3, 3), random.uniform(*ahead)])
        box = standing(x, y, random.normal(1.7, 0.08))
        if min(box) > 0.02 and max(box) < 0.98:
            rows.append((len(rows), {number + 1: box}))
            places.append((x, y))
    path = tmp_path_factory.mktemp("floor") / "scene.jsonl"
    return recorded(path, "scene", rows), np.array(places)


def test_people_tell_the_floor_of_an_exactly_known_camera(scene: tuple[str, Any]) -> None:
    name, places = scene
    said = run("calibrate", name)
    tree = yaml.safe_load(said.stdout)["ground"]
    ground = Ground(tree["picture"], tree["floor"])
    spots = VIEW.fractions(np.column_stack([places, np.zeros(len(places))]))
    floor = ground.to_floor(spots)
    i, j = np.triu_indices(len(floor), 1)
    true, told = (np.hypot(*(p[i] - p[j]).T) for p in (places, floor))
    off = (told / true - 1)[true > 0.5]
    rms = float(np.sqrt((off**2).mean()))
    assert rms < 2 * tree["relative"]
    assert rms < 0.15


def test_the_camera_is_put_on_a_plan_where_it_hangs(scene: tuple[str, Any], tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plain = yaml.safe_load(run("calibrate", scene[0]).stdout)["ground"]
    run("calibrate", scene[0], "--at", "10,5,90", "--plan", str(plan))
    tree = yaml.safe_load(plan.read_text())
    turned = np.array(tree["cameras"]["scene"]["floor"])
    x, y = np.array(plain["floor"]).T
    # Looking to the right: what was ahead is to the right, what was right is down.
    assert turned == pytest.approx(np.column_stack([10 + y, 5 - x]), abs=0.002)
    assert tree["size"][0] > 0
    run("calibrate", scene[0], "--plan", str(plan), "--camera", "other")
    assert set(yaml.safe_load(plan.read_text())["cameras"]) == {"scene", "other"}


def test_known_points_tell_it_too() -> None:
    points = ["0.05,0.95=0,0", "0.95,0.95=4,0", "0.7,0.35=4,6", "0.3,0.35=0,6"]
    said = run("calibrate", *(part for point in points for part in ("--point", point)))
    tree = yaml.safe_load(said.stdout)["ground"]
    assert tree["floor"] == [[0, 0], [4, 0], [4, 6], [0, 6]]


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (["0.1,0.9=0,0", "0.5,0.9=1,0", "0.9,0.9=2,0", "0.5,0.5=1,3"], "lie on one line"),
        (["0.1,0.9=0,0"] * 3, "at least 4"),
        (["0.1,0.9"], "x,y=X,Y"),
        (["a,b=c,d"], "x,y=X,Y"),
    ],
)
def test_points_that_tell_nothing(points: list[str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        run("calibrate", *(part for point in points for part in ("--point", point)))


def test_an_empty_recording_and_none_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0 people"):
        run("calibrate", recorded(tmp_path / "a.jsonl", "a", [(0.0, {})]))
    with pytest.raises(ConfigError, match="either a recording"):
        run("calibrate")


@pytest.fixture
def shop(tmp_path: Path) -> tuple[list[str], str]:
    """One person walks through A (x 0..6 m) into B (5..11 m); another stays in A."""
    spans = {"A": (0.0, 6.0), "B": (5.0, 11.0)}
    names = []
    for camera, (low, high) in spans.items():
        rows = []
        for step in range(101):
            boxes = {}
            x = 0.5 + step * 0.1
            if low < x < high:
                boxes[7 if camera == "A" else 1] = (x - low) / 6
            if camera == "A":
                boxes[9] = 0.3
            feet = {n: (at, 0.5 if n != 9 else 0.8) for n, at in boxes.items()}
            rows.append(
                (step / 10, {n: [u - 0.02, v - 0.2, u + 0.02, v] for n, (u, v) in feet.items()})
            )
        names.append(recorded(tmp_path / f"{camera}.jsonl", camera, rows, (600, 600)))
    tree = {
        "name": "shop",
        "size": [11, 6],
        "cameras": {
            camera: {"picture": PICTURE, "floor": [[low, 0], [high, 0], [high, 6], [low, 6]]}
            for camera, (low, high) in spans.items()
        },
        "zones": [{"name": "all", "polygon": [[0.2, 0.2], [10.8, 0.2], [10.8, 5.8], [0.2, 5.8]]}],
        "lines": [{"name": "middle", "points": [[5.5, 0], [5.5, 6]]}],
        "heatmaps": [{"name": "floor"}],
    }
    plan = tmp_path / "plan.yaml"
    plan.write_text(yaml.safe_dump(tree))
    return names, str(plan)


def test_who_walks_from_one_camera_into_the_next_is_one_visitor(
    shop: tuple[list[str], str], tmp_path: Path
) -> None:
    names, plan = shop
    out = tmp_path / "out.json"
    run("analyze", *names, "--plan", plan, "--summary", str(out), "-q")
    found = json.loads(out.read_text())
    assert found["tracks"] == {"person": 2}
    # Up the line on the plan, and to the right across it.
    assert found["lines"]["middle"] == {"in": 1, "out": 0}
    assert found["zones"]["all"]["visits"] == 2
    assert found["zones"]["all"]["peak"] == 2
    assert found["heatmaps"]["floor"]["seconds"] == pytest.approx(20, abs=1.5)
    for name, expected in zip(names, (2, 1), strict=True):
        run("analyze", name, "--plan", plan, "--summary", str(out), "-q")
        assert json.loads(out.read_text())["tracks"] == {"person": expected}


def test_what_cannot_be_laid_over_each_other(shop: tuple[list[str], str], tmp_path: Path) -> None:
    names, plan = shop
    with pytest.raises(ConfigError, match="need the --plan"):
        run("analyze", *names)
    other = recorded(tmp_path / "C.jsonl", "C", [(0.0, {})])
    for asked, said in (
        ([names[0], names[0]], "two recordings are of camera 'A'"),
        ([other], "there is no camera 'C'"),
    ):
        readers = [open_reader(name) for name in asked]
        with pytest.raises(ConfigError, match=said):
            floor_rows(asked, readers, Plan(Path(plan)), [])
        for reader in readers:
            list(reader.frames())
    with pytest.raises(ConfigError, match="stand in the plan"):
        run("analyze", names[0], "--plan", plan, "--line", "a:0,0,1,1")


def test_maps_of_one_camera_and_of_a_floor(shop: tuple[list[str], str], tmp_path: Path) -> None:
    names, plan = shop
    png, flow, array = (tmp_path / name for name in ("p.png", "f.png", "a.npz"))
    run("heatmap", names[0], "--png", str(png), "--flow", str(flow), "--array", str(array))
    held = np.load(array)
    assert held["presence"].shape == (64, 64)
    assert held["presence"].sum() == pytest.approx(15.5, abs=0.5)
    assert png.read_bytes()[1:4] == flow.read_bytes()[1:4] == b"PNG"
    run("heatmap", *names, "--plan", plan, "--array", str(array), "--columns", "22")
    whole = np.load(array)
    assert whole["presence"].shape == (12, 22)
    assert whole["flow"][6, 4:18, 0].mean() == pytest.approx(1 / 6, abs=0.03)
    assert whole["hourly"].sum() == pytest.approx(whole["presence"].sum())
    with pytest.raises(ConfigError, match="nothing to write"):
        run("heatmap", names[0])
