"""From good pictures to a package that a camera runs, with a network of random filters."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from sightline.camera.camera import Camera
from sightline.cli import app
from sightline.errors import ModelError
from sightline.tuning.normal.layers import feature_layers

SIDE = 64
Pictures = Callable[..., Path]


@pytest.fixture
def backbone(tmp_path: Path) -> Path:
    """A classifier: five layers that halve the picture, then one score a class."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(3)
    nodes, held, before, depth = [], [], "images", 3
    for number, channels in enumerate((16, 16, 24, 32, 32)):
        weights = random.standard_normal((channels, depth, 3, 3)) / np.sqrt(depth * 9)
        held.append(numpy_helper.from_array(weights.astype(np.float32), f"w{number}"))
        places = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}
        nodes.append(helper.make_node("Conv", [before, f"w{number}"], [f"c{number}"], **places))
        nodes.append(helper.make_node("Relu", [f"c{number}"], [f"r{number}"]))
        before, depth = f"r{number}", channels
    nodes.append(helper.make_node("GlobalAveragePool", [before], ["pooled"]))
    nodes.append(helper.make_node("Flatten", ["pooled"], ["classes"]))
    graph = helper.make_graph(
        nodes,
        "random",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("classes", TensorProto.FLOAT, [1, 32])],
        held,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = tmp_path / "random.onnx"
    onnx.save(model, path)
    return path


def board(seed: int) -> NDArray[np.uint8]:
    """Green, with a grid of dark parts, never exactly the same."""
    random = np.random.default_rng(seed)
    image = np.full((128, 128, 3), (40, 120, 60), np.float64)
    for y in range(8, 128, 32):
        for x in range(8, 128, 32):
            image[y : y + 16, x : x + 16] = 30
    image *= random.uniform(0.97, 1.03)
    noisy: NDArray[np.uint8] = (image + random.normal(0, 2, image.shape)).clip(0, 255).astype("u1")
    return noisy


def learn(good: Path, out: Path, backbone: Path) -> tuple[int, str]:
    arguments = ["model", "learn-normal", str(good), "-o", str(out), "--backbone", str(backbone)]
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, str(result.exception or "") + result.output


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_stain_is_found_where_it_is(tmp_path: Path, pictures: Pictures, backbone: Path) -> None:
    out = tmp_path / "board.slm"
    code, told = learn(pictures([board(i) for i in range(16)], "good"), out, backbone)
    assert code == 0, told
    bad = board(100)
    bad[40:56, 72:88] = (220, 60, 40)
    seen = pictures([board(101), bad], "seen")
    camera = Camera(str(seen), str(out), detect={"score": 0})
    fine, broken = [item.detections for item in camera.run() if item.sequence is not None]
    assert camera.labels == ("anomaly", "anomalous part")
    assert fine.scores[0] < 0.3 < broken.scores[0]
    x1, y1, x2, y2 = broken[broken.labels == 1].boxes[0] * 128
    assert x1 < 80 < x2
    assert y1 < 48 < y2
    assert broken.masks is not None


def test_the_layers_of_the_way_down(backbone: Path) -> None:
    import onnx

    assert feature_layers(onnx.load(backbone), SIDE, "random") == ["r2", "r3"]


def test_a_network_without_such_layers(make_onnx) -> None:
    import onnx

    proto = onnx.load_model_from_string(make_onnx((1, 3, 64, 64), {"o": np.zeros((1, 9), "f4")}))
    with pytest.raises(ModelError, match="take another network"):
        feature_layers(proto, 64, "flat")


def test_too_few_pictures(tmp_path: Path, pictures: Pictures, backbone: Path) -> None:
    out = tmp_path / "a.slm"
    code, told = learn(pictures([board(i) for i in range(3)]), out, backbone)
    assert code != 0
    assert "at least 4 are needed" in told
    assert not out.exists()


def test_another_ending_is_refused_before_the_work(
    tmp_path: Path, pictures: Pictures, backbone: Path
) -> None:
    code, told = learn(pictures([board(0)]), tmp_path / "a.onnx", backbone)
    assert code != 0
    assert "ends with .slm" in told


def test_what_was_learned_cannot_look(tmp_path: Path, pictures: Pictures, backbone: Path) -> None:
    good, first = pictures([board(i) for i in range(4)]), tmp_path / "a.slm"
    assert learn(good, first, backbone)[0] == 0
    code, told = learn(good, tmp_path / "b.slm", first)
    assert code != 0
    assert "was itself learned from good pictures" in " ".join(told.split())
    assert not (tmp_path / "b.slm").exists()


@pytest.mark.data
def test_a_tflite_network_cannot_look(data: Path, tmp_path: Path, pictures: Pictures) -> None:
    network = data / "models" / "cls_mobilenet_v1_0.25_128_quant.tflite"
    code, told = learn(pictures([board(i) for i in range(4)]), tmp_path / "a.slm", network)
    assert code != 0
    assert "holds no ONNX network" in " ".join(told.split())


def test_a_network_of_the_zoo_that_was_not_pulled(
    tmp_path: Path, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sightline.model.zoo.pulled", lambda name: None)
    code, told = learn(pictures([board(i) for i in range(4)]), tmp_path / "a.slm", "yolox-nano")
    assert code != 0
    assert "sightline model pull yolox-nano" in " ".join(told.split())
