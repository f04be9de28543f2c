"""Small networks in int8: what they say, what stays float, what is refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import onnx
import pytest

from sightline.errors import InputError, ModelError
from sightline.model.load import Model, load_model
from sightline.model.manifest import Manifest, Target
from sightline.model.package import make_package, read_package
from sightline.picture import Frame
from sightline.tuning.evaluate import evaluate
from sightline.tuning.quantise.calibration import calibration_frames
from sightline.tuning.quantise.graph import prepared, split
from sightline.tuning.quantise.packing import packed
from sightline.tuning.quantise.quantise import Form, Quantised, quantise
from sightline.tuning.quantise.workpiece import Workpiece
from sightline.tuning.subject import Subject, subject_of

Paint = Callable[..., Path]
PICTURES = [(200, 20, 10), (10, 210, 30), (20, 20, 220), (90, 60, 30), (30, 60, 90), (60, 90, 30)]


@pytest.fixture
def pictures(paint: Paint, tmp_path: Path) -> Path:
    for number, rgb in enumerate(PICTURES):
        paint(f"calibration/{number}.png", rgb)
    return tmp_path / "calibration"


def frames_for(subject: Subject, pictures: Path, count: int = 100) -> list[Frame]:
    return calibration_frames(pictures, subject.recipe.input, count)


def test_int8_says_the_same(colours: Subject, pictures: Path) -> None:
    done = quantise(colours, frames_for(colours, pictures))
    assert done.measure == "same class"
    assert done.after.score == 1
    assert done.kept
    assert done.left_float == ()
    assert done.layers == 2
    proto = onnx.load_model_from_string(done.data)
    onnx.checker.check_model(proto)
    weights = {item.name: item.data_type for item in proto.graph.initializer}
    assert weights["first_w_quantized"] == onnx.TensorProto.INT8


def test_a_layer_that_int8_spoils_stays_float(
    colour_network: Callable[[float], Subject], pictures: Path
) -> None:
    # One channel that nobody reads grows so large that the others share few of the 256 steps.
    spoilt = colour_network(4000.0)
    told: list[str] = []
    done = quantise(
        spoilt, frames_for(spoilt, pictures), tell=lambda step, *rest: told.append(step)
    )
    assert done.left_float
    assert set(done.left_float) == {"first", "l0"}
    assert done.kept
    assert "compare layers" in told


def test_true_accuracy_can_be_the_measure(
    colours: Subject, pictures: Path, paint: Paint, tmp_path: Path
) -> None:
    from sightline.tuning.quantise.truth import true_accuracy

    for name, rgb in (("red", (200, 0, 0)), ("green", (0, 200, 0))):
        paint(f"tree/{name}/1.png", rgb)
    done = quantise(
        colours, frames_for(colours, pictures), truth=true_accuracy(tmp_path / "tree", None)
    )
    assert (done.measure, done.before.score, done.after.score) == ("top1", 1.0, 1.0)
    int8 = subject_of(
        Model("int8", "onnx", done.data, colours.recipe), labels=("red", "green", "blue")
    )
    assert evaluate(int8, tmp_path / "tree").metrics["top1"] == 1


def test_blocks_hold_every_layer_and_the_tail_none(colours: Subject) -> None:
    proto = prepared(colours.model.data, "colours")
    blocks = split(proto.graph)
    assert blocks.blocks == (("conv_0", "relu_1"), ("conv_2",))
    assert {name.rpartition("_")[0] for name in blocks.tail} == {
        "relu", "globalaveragepool", "flatten", "softmax",
    }  # fmt: skip


def test_pictures_come_evenly_and_as_the_tensor_has_them(colours: Subject, pictures: Path) -> None:
    frames = frames_for(colours, pictures, 3)
    assert [frame.picture.rgb().shape for frame in frames] == [(32, 32, 3)] * 3
    blue = [int(frame.picture.rgb()[..., 2].mean()) for frame in frames]
    assert blue == pytest.approx([30, 235, 110], abs=12)  # of pictures 0, 2 and 4


def test_a_folder_without_pictures_is_named(colours: Subject, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    with pytest.raises(InputError, match=r"holds no image"):
        frames_for(colours, tmp_path)


def test_what_cannot_be_quantised(colours: Subject, pets: Subject, pictures: Path) -> None:
    frames = frames_for(colours, pictures)
    done = quantise(colours, frames)
    again = replace(colours, model=replace(colours.model, data=done.data))
    with pytest.raises(ModelError, match="quantised already"):
        quantise(again, frames)
    with pytest.raises(ModelError, match="no layer with weights"):
        quantise(pets, frames_for(pets, pictures))
    tflite = replace(colours, model=replace(colours.model, format="tflite"))
    with pytest.raises(ModelError, match="TFLite"):
        quantise(tflite, frames)


@pytest.mark.parametrize(
    ("ms", "keep", "default", "held"),
    [
        (1.0, False, "onnx-int8", {"onnx-int8"}),
        (1.0, True, "onnx-int8", {"onnx-int8", "onnx-float"}),
        (9.0, False, "onnx-float", {"onnx-int8", "onnx-float"}),
    ],
)
def test_the_faster_form_is_the_default(
    colours: Subject, ms: float, keep: bool, default: str, held: set[str]
) -> None:
    target = Target(file="networks/onnx-float.onnx")
    manifest = Manifest(
        name="colours", recipe=colours.recipe, targets={"onnx-float": target}, default="onnx-float"
    )
    package = make_package(manifest, {target.file: colours.model.data})
    result = Quantised(b"int8", "AP", Form(0.5, 100, 5.0), Form(0.49, 40, ms), ("first",), 3, True)
    made = read_package(packed(package, result, "rep", 9, keep_float=keep).to_bytes(), "x.slm")
    assert made.manifest.default == default
    assert set(made.manifest.targets) == held
    quantisation = made.manifest.targets["onnx-int8"].quantisation
    assert (quantisation.precision, quantisation.pictures) == ("mixed", 9)
    assert quantisation.left_float == ("first",)
    assert f"{default} is the default" in made.manifest.provenance.steps[-1]
    assert {(m.name, m.target, m.value) for m in made.manifest.metrics} >= {
        ("AP", "onnx-int8", 0.49),
        ("AP", "onnx-float", 0.5),
    }


@pytest.mark.data
def test_yolox_nano_keeps_its_accuracy_at_a_third_of_its_size(data: Path) -> None:
    subject = subject_of(load_model(str(data / "models" / "yolox_nano_416.onnx")))
    work = Workpiece(
        subject, frames_for(subject, data / "coco" / "rep100" / "images", 16), lambda *_: None
    )
    # What `quantise` finds with all hundred pictures, which takes it a minute.
    sensitive = {"Conv_41", "Conv_44", "Conv_47", "Conv_70"}
    int8 = work.int8([block for block in range(work.layers) if work.layer(block) in sensitive])
    assert len(int8.model.data) / len(subject.model.data) < 0.34
    folder = data / "coco" / "coco_mini79"
    scores = evaluate(int8, folder / "instances_val2017.json", folder / "images").metrics
    assert scores["AP"] >= 0.321 - 0.025  # 0.02 with all pictures
