"""A camera from pictures to metadata, with a network that a test can reason about."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline import Camera
from sightline.camera.outputs import Outputs
from sightline.errors import ConfigError, InputError, ModelError

Walk = list[NDArray[np.uint8]]
MIDDLE = {"name": "middle", "points": [[0.5, 0.0], [0.5, 1.0]]}
RIGHT = {"name": "right", "polygon": [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]}


def test_a_walk_there_and_back_is_counted(bright_network: Path, pictures, walk: Walk) -> None:
    camera = Camera(str(pictures(walk)), str(bright_network), lines=[MIDDLE], zones=[RIGHT])
    readouts = list(camera.run())
    frames = [readout for readout in readouts if readout.sequence is not None]
    assert len(frames) == len(walk)
    assert camera.labels == ("lamp",)
    summary = camera.summary()
    assert summary.frames == len(walk)
    assert summary.tracks == {"lamp": 1}
    # From the upper to the lower end of the line, the right of the picture is to the left.
    assert summary.lines == {"middle": {"in": 1, "out": 1}}
    assert (summary.zones["right"]["entries"], summary.zones["right"]["exits"]) == (1, 1)
    crossed = [e for r in readouts for e in r.events if e.kind == "line.crossed"]
    assert [event.data["direction"] for event in crossed] == ["out", "in"]
    assert all(event.camera == camera.config.name for event in crossed)


def test_boxes_lie_on_the_picture_whatever_the_roi(bright_network: Path, pictures) -> None:
    image = np.zeros((128, 128, 3), np.uint8)
    image[32:48, 64:80, 0] = 255
    folder = pictures([image] * 6)
    for roi in [(0, 0, 1, 1), (0.25, 0, 0.5, 0.5)]:
        camera = Camera(str(folder), str(bright_network), sensor={"roi": roi})
        last = [r for r in camera.run() if r.sequence is not None][-1]
        best = last.seen[int(last.seen.scores.argmax())].boxes[0]
        centre = (best[:2] + best[2:]) / 2
        assert centre == pytest.approx([72 / 128, 40 / 128], abs=0.04), roi


def test_delayed_tracks_give_every_picture_once_in_order(
    bright_network: Path, pictures, walk: Walk
) -> None:
    camera = Camera(str(pictures(walk)), str(bright_network), track={"delay_s": 0.4})
    sequences = [r.sequence for r in camera.run() if r.sequence is not None]
    assert sequences == list(range(len(walk)))


def test_max_frames_ends_the_run(bright_network: Path, pictures, walk: Walk) -> None:
    camera = Camera(str(pictures(walk)), str(bright_network), max_frames=5)
    assert sum(readout.sequence is not None for readout in camera.run()) == 5


def test_stop_ends_the_run(bright_network: Path, pictures, walk: Walk) -> None:
    camera = Camera(str(pictures(walk)), str(bright_network))
    seen = 0
    for readout in camera.run():
        seen += readout.sequence is not None
        if seen == 3:
            camera.stop()
    assert seen <= 4


def run_with_outputs(network: Path, folder: Path, out: Path, policy: str) -> None:
    out.mkdir()
    output = {
        "metadata": str(out / "m.jsonl"),
        "video": str(out / "v.mkv"),
        "preview": str(out / "p.png"),
        "summary": str(out / "s.json"),
    }
    camera = Camera(
        str(folder),
        str(network),
        output=output,
        privacy={"policy": policy, "classes": ["lamp"]},
        sensor={"output": "full"},
    )
    with Outputs(camera) as outputs:
        for readout in camera.run():
            if policy == "none":
                assert readout.picture is None
            outputs.write(readout)


def shown(video: Path) -> NDArray[np.uint8]:
    """Every picture of a video file."""
    import av

    with av.open(str(video)) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


def noisy_walk(seed: int) -> Walk:
    """The same lamp on ever different noise that the network does not look at."""
    rng = np.random.default_rng(seed)
    images = []
    for step in range(12):
        image = rng.integers(0, 256, (128, 128, 3), np.uint8)
        image[:, :, 0] = 0
        image[64:80, step * 8 : step * 8 + 16, 0] = 255
        images.append(image)
    return images


def test_with_policy_none_no_byte_depends_on_a_picture(
    bright_network: Path, pictures, tmp_path: Path
) -> None:
    """What is written about two films that differ in every pixel but the lamp is the same."""
    written = []
    for seed in (1, 2):
        out = tmp_path / f"out{seed}"
        folder = pictures(noisy_walk(seed), f"film{seed}")
        run_with_outputs(bright_network, folder, out, "none")
        lines = (out / "m.jsonl").read_text().replace(f"film{seed}", "film").splitlines()
        records = [line for line in lines if '"header"' not in line]
        written.append((records, shown(out / "v.mkv"), (out / "p.png").read_bytes()))
    assert written[0][0] == written[1][0]
    assert len(written[0][1]) == 12
    assert np.array_equal(written[0][1], written[1][1])
    assert written[0][2] == written[1][2]


def test_with_policy_full_pictures_are_written(
    bright_network: Path, pictures, tmp_path: Path
) -> None:
    """The other half of the test above: it would notice if pictures were written."""
    out = [tmp_path / "out1", tmp_path / "out2"]
    for seed, folder in enumerate(out):
        run_with_outputs(bright_network, pictures(noisy_walk(seed), f"f{seed}"), folder, "full")
    assert (out[0] / "p.png").read_bytes() != (out[1] / "p.png").read_bytes()
    assert not np.array_equal(shown(out[0] / "v.mkv"), shown(out[1] / "v.mkv"))


def test_the_summary_file_is_what_the_readme_says(
    bright_network: Path, pictures, walk: Walk, tmp_path: Path
) -> None:
    path = tmp_path / "summary.json"
    camera = Camera(
        str(pictures(walk)),
        str(bright_network),
        lines=[MIDDLE],
        zones=[RIGHT],
        output={"summary": str(path)},
    )
    with Outputs(camera) as outputs:
        for readout in camera.run():
            outputs.write(readout)
    summary = json.loads(path.read_text())
    stages = {
        "decode",
        "probe",
        "preprocess",
        "network",
        "postprocess",
        "track",
        "analytics",
        "output",
    }
    assert set(summary["stages_ms"]) == stages
    assert summary["frames"] == len(walk)
    assert summary["seconds"] > 0
    assert summary["fps"] > 0
    assert summary["dropped"] == 0
    assert set(summary["lines"]["middle"]) >= {"in", "out"}
    assert set(summary["zones"]["right"]) >= {"entries", "exits", "peak", "mean", "dwell_s"}


@pytest.mark.parametrize(
    ("keys", "error", "words"),
    [
        ({"detect": {"classes": ["lmap"]}}, ConfigError, "'lmap'; it knows lamp"),
        ({"model": {"name": "nothing.onnx"}}, InputError, "nothing.onnx"),
        ({"model": {"name": "none-such"}}, InputError, "none-such"),
        ({"sensor": {"providers": ["cuda"]}}, ConfigError, "onnxruntime-gpu"),
        ({"sensor": {"roi": [0, 0, 2, 1]}}, ConfigError, "roi"),
        ({"lines": [{**MIDDLE, "classes": ["car"]}]}, ConfigError, "'car'"),
    ],
)
def test_mistakes_are_found_before_the_first_picture(
    bright_network: Path, pictures, keys: dict, error: type, words: str
) -> None:
    folder = pictures([np.zeros((16, 16, 3), np.uint8)])
    with pytest.raises(error, match=words):
        Camera(str(folder), **{"model": str(bright_network), **keys})


def test_a_network_that_nobody_can_read_names_the_flag(tmp_path: Path, pictures) -> None:
    import onnx
    from onnx import TensorProto, helper

    strange = helper.make_graph(
        [helper.make_node("Identity", ["images"], ["mystery"])],
        "strange",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("mystery", TensorProto.FLOAT, [1, 3, 32, 32])],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(strange, opset_imports=opset, ir_version=8), tmp_path / "s.onnx")
    with pytest.raises(ModelError, match=r"mystery.*--decoder"):
        Camera(str(pictures([np.zeros((16, 16, 3), np.uint8)])), str(tmp_path / "s.onnx"))


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ({"video": "film.mp4"}, "output.video: .*film.mp4 is the source"),
        ({"metadata": "a.json", "summary": "./a.json"}, "output.summary: .* is output.metadata"),
    ],
)
def test_nothing_overwrites_the_source_or_another_output(
    bright_network: Path, tmp_path: Path, monkeypatch, output: dict, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "film.mp4").write_bytes(b"precious")
    camera = Camera("film.mp4", str(bright_network), output=output)
    with pytest.raises(ConfigError, match=words):
        Outputs(camera)
    assert (tmp_path / "film.mp4").read_bytes() == b"precious"


def test_a_room_and_a_dwell_zone_are_keys_like_any_other(
    bright_network: Path, pictures, walk: Walk
) -> None:
    camera = Camera(
        str(pictures(walk)),
        str(bright_network),
        people=[{"name": "shop", "entrances": [MIDDLE]}],
        dwell=[{**RIGHT, "loiter_s": 0.2}],
    )
    kinds = {event.kind for readout in camera.run() for event in readout.events}
    assert {"people.in", "people.out", "zone.entered", "dwell.loitering"} <= kinds
    summary = camera.summary()
    assert (summary.people["shop"]["in"], summary.people["shop"]["out"]) == (1, 1)
    assert summary.dwell["right"]["loitering"] == 1
