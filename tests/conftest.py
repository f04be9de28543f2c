"""Fixtures shared by every test."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

# No test asserts a time: a busy machine is no reason to fail.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real models, videos and ground truth; tests skip where it is absent."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SIGHTLINE_DATA", beside))
    if not (folder / "README.md").is_file():
        pytest.skip("the sample data folder is absent (set SIGHTLINE_DATA to use one)")
    return folder


MakeOnnx = Callable[..., bytes]


@pytest.fixture(scope="session")
def make_onnx() -> MakeOnnx:
    """Builds networks that look at a picture and answer what they were told to.

    make_onnx(shape, {"name": array, ...}, metadata={...}) gives the bytes of an ONNX file
    with one float input of that shape (None: open) whose outputs are these arrays.
    """

    def make(
        shape: Sequence[int | None],
        outputs: Mapping[str, NDArray[Any]],
        metadata: Mapping[str, str] = MappingProxyType({}),
    ) -> bytes:
        from onnx import TensorProto, helper, numpy_helper

        picture = helper.make_tensor_value_info("data", TensorProto.FLOAT, list(shape))
        held = [numpy_helper.from_array(array, f"{name}_") for name, array in outputs.items()]
        nodes = [helper.make_node("Identity", [f"{name}_"], [name]) for name in outputs]
        told = [
            helper.make_tensor_value_info(
                name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape
            )
            for name, array in outputs.items()
        ]
        graph = helper.make_graph(nodes, "told", [picture], told, held)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 8
        helper.set_model_props(model, dict(metadata))
        data: bytes = model.SerializeToString()
        return data

    return make


SIZE = 64  # of the input, in pixels
CELLS = 84  # of a YOLO head at that size: 8x8 + 4x4 + 2x2
MakePictures = Callable[..., Path]


@pytest.fixture
def bright_network(tmp_path: Path) -> Path:
    """A network that finds what is bright, as a YOLO head of one class named "lamp".

    The red channel, averaged over the 8x8 cells of stride 8, is the score of a box five times
    as large around the cell; the other cells say nothing.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    rows, columns = np.divmod(np.arange(64), 8)
    boxes = np.stack([columns * 8 + 4, rows * 8 + 4, np.full(64, 40), np.full(64, 40)])
    boxes = np.concatenate([boxes, np.zeros((4, CELLS - 64))], 1).astype(np.float32)
    nodes = [
        helper.make_node("Slice", ["images", "from", "to", "axes"], ["red"]),
        helper.make_node("AveragePool", ["red"], ["cells"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Reshape", ["cells", "row"], ["found"]),
        helper.make_node("Concat", ["found", "silence"], ["scores"], axis=2),
        helper.make_node("Concat", ["boxes", "scores"], ["output0"], axis=1),
    ]
    constants = {
        "from": np.array([0], np.int64),
        "to": np.array([1], np.int64),
        "axes": np.array([1], np.int64),
        "row": np.array([1, 1, 64], np.int64),
        "silence": np.zeros((1, 1, CELLS - 64), np.float32),
        "boxes": boxes[None],
    }
    graph = helper.make_graph(
        nodes,
        "bright",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, [1, 5, CELLS])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"names": "{0: 'lamp'}"})
    path = tmp_path / "bright.onnx"
    onnx.save(model, path)
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> MakePictures:
    """Writes arrays uint8 (H, W, 3) RGB as a folder of PNG files and gives the folder."""

    def write(images: list[NDArray[np.uint8]], name: str = "pictures") -> Path:
        import cv2

        folder = tmp_path / name
        folder.mkdir()
        for number, image in enumerate(images):
            assert cv2.imwrite(str(folder / f"{number:04}.png"), image[:, :, ::-1])
        return folder

    return write


@pytest.fixture
def walk() -> list[NDArray[np.uint8]]:
    """A red lamp that goes from left to right and comes back, a cell every second picture."""
    images = []
    for column in [*range(8), *range(6, -1, -1)]:
        image = np.zeros((128, 128, 3), np.uint8)
        image[64:80, column * 16 : column * 16 + 16, 0] = 255
        images += [image, image]
    return images
