"""Pictures like those that the network will see, as its input tensor has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from sightline.errors import InputError
from sightline.model.recipe import InputRecipe
from sightline.picture import Frame
from sightline.picture.rgb import RgbPicture
from sightline.sensor.isp import Isp
from sightline.source import SourceConfig, open_source
from sightline.wire.messages import Event

if TYPE_CHECKING:
    from onnx import ModelProto

Progress = Callable[[int, int], None]
Ranges = Any  # onnxruntime.quantization's TensorsData


def calibration_frames(
    where: Path, recipe: InputRecipe, count: int, progress: Progress = lambda done, total: None
) -> list[Frame]:
    """At most `count` pictures, evenly out of a folder or a video, in the size of the tensor.

    They went through the ISP of a camera up to the eight bits of its tensor; an ISP passes
    them unchanged from there on. Raises InputError where there is no picture.
    """
    isp = Isp(recipe, "uint8", (0.0, 0.0, 1.0, 1.0))
    kept: list[Frame] = []
    with open_source(SourceConfig(uri=str(where), idle="off")) as source:
        step = max(1.0, source.info.frames / count)
        for number, item in enumerate(_pictures(source.frames())):
            if number >= round(len(kept) * step):
                isp(item.picture)
                kept.append(Frame(RgbPicture(isp.pixels.copy()), item.time_ns, len(kept)))
                progress(len(kept), count)
            if len(kept) == count:
                break
    if not kept:
        raise InputError(f"{where}: holds no picture to calibrate with")
    return kept


def _pictures(items: Iterator[Frame | Event]) -> Iterator[Frame]:
    return (item for item in items if isinstance(item, Frame))


def tensors(frames: Sequence[Frame], recipe: InputRecipe, dtype: str) -> Iterator[NDArray[Any]]:
    """The input tensor of each calibration picture; each is valid until the next."""
    isp = Isp(recipe, dtype, (0.0, 0.0, 1.0, 1.0))
    return (isp(frame.picture)[0] for frame in frames)


def measured_ranges(
    proto: ModelProto,
    inputs: Iterator[NDArray[Any]],
    folder: Path,
    operators: Sequence[str],
    progress: Callable[[], None],
) -> Ranges:
    """Smallest and largest value of each tensor that those operators read or write."""
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod
    from onnxruntime.quantization.calibrate import create_calibrator

    name = proto.graph.input[0].name

    class Reader(CalibrationDataReader):  # type: ignore[misc]
        def get_next(self) -> dict[str, NDArray[Any]] | None:
            tensor = next(inputs, None)
            if tensor is None:
                return None
            progress()
            return {name: tensor}

    path = folder / "float.onnx"
    onnx.save(proto, path)
    calibrator = create_calibrator(
        path,
        list(operators),
        augmented_model_path=str(folder / "augmented.onnx"),
        calibrate_method=CalibrationMethod.MinMax,
    )
    calibrator.collect_data(Reader())
    return calibrator.compute_data()
