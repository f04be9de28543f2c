"""The contract of the chip in software: frames in, captures out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.errors import ModelError
from sightline.model.recipe import InputRecipe, Recipe
from sightline.model.signature import Signature, TensorSpec
from sightline.picture import Frame
from sightline.picture.rgb import RgbPicture
from sightline.sensor.base import Capture, SensorConfig
from sightline.sensor.engines.gate import FairGate
from sightline.sensor.virtual import VirtualSensor
from sightline.wire.messages import Event

RECIPE = Recipe(decoder="yolox", input=InputRecipe(width=16, height=8, fit="letterbox"))
PICTURE = TensorSpec("images", (1, 3, 8, 16), "float32")


class Mirror:
    """Puts out what it was given."""

    def __init__(self, *further: TensorSpec) -> None:
        self.signature = Signature((PICTURE, *further), ())

    def run(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [tensor.copy() for tensor in inputs]


def frame(number: int = 0, size: tuple[int, int] = (40, 20), level: int = 50) -> Frame:
    pixels = np.full((size[1], size[0], 3), level, np.uint8)
    return Frame(RgbPicture(pixels), number * 1000, number, 7, {"people": 2}, f"{number}.jpg")


def captures(*items: Frame | Event, engine: Mirror | None = None, **config) -> list:
    settings = SensorConfig(**config)
    with VirtualSensor(items, engine or Mirror(), RECIPE, settings) as sensor:
        return list(sensor.captures())


def test_what_a_frame_carries_passes_through() -> None:
    [capture] = captures(frame(3))
    assert isinstance(capture, Capture)
    assert (capture.time_ns, capture.sequence, capture.name) == (3000, 3, "3.jpg")
    assert (capture.truth, capture.decode_ns, capture.size) == ({"people": 2}, 7, (40, 20))
    assert capture.preprocess_ns > 0
    assert capture.network_ns > 0
    assert capture.tensors[0].shape == (1, 3, 8, 16)
    assert (capture.tensors[0] == 50).all()


def test_events_of_the_source_keep_their_place() -> None:
    event = Event(camera="", kind="source.lost", time_ns=1)
    found = captures(frame(0), event, frame(1))
    assert [type(item) for item in found] == [Capture, Event, Capture]
    assert found[1] is event


def test_the_size_may_change_on_the_way() -> None:
    wide, tall = captures(frame(0), frame(1, (20, 40)))
    assert (wide.size, tall.size) == ((40, 20), (20, 40))
    assert wide.placement.width == pytest.approx(1)
    assert tall.placement.width > 1
    assert (tall.tensors[0][:, :, :, 0] == 114).all()


@pytest.mark.parametrize("output", ["metadata", "input_tensor", "roi", "full"])
def test_only_what_was_chosen_is_put_out(output: str) -> None:
    item = frame()
    [capture] = captures(item, output=output, roi=(0.5, 0, 0.25, 1))
    assert (capture.input_tensor is not None) == (output == "input_tensor")
    assert (capture.picture is not None) == (output in ("roi", "full"))
    if output == "full":
        assert capture.picture is item.picture
    if output == "roi":
        assert (capture.picture.width, capture.picture.height) == (10, 20)
        assert (capture.picture.rgb() == 50).all()


def test_an_input_tensor_that_was_put_out_stays() -> None:
    first, second = captures(frame(0), frame(1, level=99), output="input_tensor")
    assert first.input_tensor[4, 8].tolist() == [50] * 3
    assert second.input_tensor[4, 8].tolist() == [99] * 3


@pytest.mark.parametrize("dtype", ["int64", "float32"])
def test_a_network_that_asks_for_the_size_gets_that_of_the_tensor(dtype: str) -> None:
    engine = Mirror(TensorSpec("orig_target_sizes", (None, 2), dtype))
    [capture] = captures(frame(), engine=engine)
    assert capture.tensors[1].tolist() == [[16, 8]]
    assert capture.tensors[1].dtype == dtype


@pytest.mark.parametrize(
    "spec", [TensorSpec("depth", (1, 1, 8, 16), "float32"), TensorSpec("text", (1, 2), "string")]
)
def test_a_network_that_asks_for_more_than_a_picture(spec: TensorSpec) -> None:
    with pytest.raises(ModelError, match=f"second input '{spec.name}'"):
        captures(frame(), engine=Mirror(spec))


def test_the_gate_is_held_while_the_network_runs_and_not_while_it_waits() -> None:
    gate = FairGate(1)
    while_running: list[int] = []

    class Watching(Mirror):
        def run(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
            while_running.append(gate._free)
            return super().run(inputs)

    sensor = VirtualSensor([frame()] * 2, Watching(), RECIPE, SensorConfig(), gate)
    between = [gate._free for _ in sensor.captures()]
    assert (while_running, between) == ([0, 0], [1, 1])
