"""A package is opened from the outside in; what was damaged, swapped or forged is refused."""

import contextlib
import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.errors import InputError, ModelError, OutputError, SightlineError
from sightline.model.archive import pack, unpack
from sightline.model.manifest import Expected, Manifest, Metric, SelfTest, Target
from sightline.model.package import Package, make_package, open_package, read_package
from sightline.model.recipe import InputRecipe, Recipe

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
MANIFEST = Manifest(
    name="gate",
    recipe=Recipe(decoder="yolox", input=InputRecipe(width=8, height=4), labels=("person", "car")),
    targets={
        "onnx-float": Target(file="networks/onnx-float.onnx"),
        "imx500": Target(file="networks/imx500.rpk"),
    },
    default="onnx-float",
    metrics=(Metric(name="AP", value=0.25, data="COCO", source="published"),),
    licence="Apache-2.0",
    created=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
    selftest=(
        SelfTest(
            file="selftest/0.rgb",
            expected=(Expected(label=1, score=0.5, box=(0.1, 0.2, 0.3, 0.4)),),
        ),
    ),
)
FILES = {
    "networks/onnx-float.onnx": b"float" * 50,
    "networks/imx500.rpk": b"chip" * 20,
    "selftest/0.rgb": bytes(8 * 4 * 3),
}
PACKAGE = make_package(MANIFEST, FILES)
SIGNED = PACKAGE.signed(KEY)


def entries_of(package: Package) -> dict[str, bytes]:
    return {name: bytes(data) for name, data in unpack(package.to_bytes(), "p").items()}


def with_manifest(tree: Any) -> bytes:
    """A package of this manifest, with checksums that fit it."""
    page = json.dumps(tree).encode()
    sums = {"manifest.json": page, **FILES}
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sums.items()]
    return pack({**sums, "checksums.txt": "".join(lines).encode()})


def test_a_package_survives_the_way_through_a_file(tmp_path: Path) -> None:
    path = tmp_path / "gate.slm"
    SIGNED.write(path)
    read = open_package(path)
    assert read.manifest == MANIFEST
    assert read.network() == FILES["networks/onnx-float.onnx"]
    assert read.network("imx500") == FILES["networks/imx500.rpk"]
    assert read.signature == SIGNED.signature
    assert read.to_bytes() == path.read_bytes()
    assert os.listdir(tmp_path) == ["gate.slm"]


def test_the_same_input_gives_the_same_bytes() -> None:
    again = make_package(MANIFEST, dict(reversed(FILES.items()))).signed(KEY)
    assert again.to_bytes() == SIGNED.to_bytes()
    assert again.digest == PACKAGE.digest


def test_a_target_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match="no network for onnx-int8, only onnx-float, imx500"):
        PACKAGE.network("onnx-int8")


@given(st.data())
def test_a_bit_that_flips_is_noticed(data: st.DataObject) -> None:
    whole = bytearray(SIGNED.to_bytes())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ModelError, match=r"gate\.slm"):
        read_package(bytes(whole), "gate.slm")


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_swapped_entry_is_named(name: str) -> None:
    changed = {**entries_of(SIGNED), name: b"other"}
    with pytest.raises(ModelError, match=rf"gate\.slm: {name}: does not match its checksum"):
        read_package(pack(changed), "gate.slm")


@pytest.mark.parametrize("name", [*FILES, "manifest.json", "checksums.txt"])
def test_a_missing_entry_is_named(name: str) -> None:
    held = entries_of(SIGNED)
    del held[name]
    with pytest.raises(ModelError, match=rf"gate\.slm: {name}: is"):
        read_package(pack(held), "gate.slm")


def test_an_entry_without_checksum_is_refused() -> None:
    with pytest.raises(ModelError, match=r"networks/extra\.onnx: has no checksum"):
        read_package(pack({**entries_of(SIGNED), "networks/extra.onnx": b"x"}), "gate.slm")


def test_content_changed_together_with_its_checksum_fails_the_signature() -> None:
    forged = entries_of(make_package(MANIFEST, {**FILES, "networks/imx500.rpk": b"evil"}))
    forged["signature.json"] = entries_of(SIGNED)["signature.json"]
    with pytest.raises(ModelError, match="signature does not belong to this content"):
        read_package(pack(forged), "gate.slm")


def test_a_key_cannot_be_put_in_place_of_the_signer() -> None:
    signature = json.loads(entries_of(SIGNED)["signature.json"])
    signature["public_key"] = json.loads(entries_of(PACKAGE.signed(OTHER))["signature.json"])[
        "public_key"
    ]
    forged = {**entries_of(SIGNED), "signature.json": json.dumps(signature).encode()}
    with pytest.raises(ModelError, match="does not belong"):
        read_package(pack(forged), "gate.slm")


def test_signing_anew_replaces_the_signer() -> None:
    again = SIGNED.signed(OTHER)
    assert again.signature is not None
    assert SIGNED.signature is not None
    assert again.signature.key_id != SIGNED.signature.key_id
    assert read_package(again.to_bytes(), "p").signature == again.signature


@given(st.binary(max_size=200) | st.text(max_size=60).map(str.encode))
def test_any_signature_file_is_read_or_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match=r"signature\.json"):
        read_package(pack({**entries_of(PACKAGE), "signature.json": data}), "p")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
PATHS = [
    "layout",
    "name",
    "version",
    "recipe",
    "recipe.task",
    "recipe.decoder",
    "recipe.labels",
    "recipe.labels.0",
    "recipe.parameters",
    "recipe.input",
    "recipe.input.width",
    "recipe.input.height",
    "recipe.input.layout",
    "recipe.input.colour",
    "recipe.input.fit",
    "recipe.input.pad",
    "recipe.input.mean",
    "recipe.input.std",
    "recipe.input.mean.0",
    "targets",
    "targets.onnx-float",
    "targets.onnx-float.file",
    "targets.imx500.quantisation",
    "default",
    "metrics",
    "metrics.0",
    "metrics.0.name",
    "metrics.0.value",
    "metrics.0.source",
    "licence",
    "provenance",
    "provenance.source",
    "provenance.steps",
    "provenance.sha256",
    "created",
    "selftest",
    "selftest.0",
    "selftest.0.file",
    "selftest.0.expected",
    "selftest.0.expected.0.label",
    "selftest.0.expected.0.box",
    "selftest.0.expected.0.score",
]


@settings(max_examples=600)
@given(st.sampled_from(PATHS), JSON, st.booleans())
def test_every_field_of_the_manifest_may_hold_anything(path: str, value: Any, gone: bool) -> None:
    tree = json.loads(MANIFEST.to_json())
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    branch: Any = tree
    for step in way:
        branch = branch[step]
    if gone:
        del branch[last]
    else:
        branch[last] = value
    with contextlib.suppress(ModelError):
        read = read_package(with_manifest(tree), "gate.slm")
        assert set(read.manifest.files()) == set(FILES)
        assert read.manifest.default in read.manifest.targets


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "../up", "manifest.json: name: "),
        ("version", "1.0", "manifest.json: version: "),
        ("layout", 2, "manifest.json: layout: "),
        ("default", "tflite", "default: there is no target 'tflite'"),
        ("created", "2024-01-01T00:00:00", "created: needs a time zone"),
        ("targets", {"onnx-float": {"file": "/etc/passwd"}}, "targets.onnx-float.file: "),
        ("pickle", "gASVCQAAAA", "manifest.json: pickle: "),
        ("targets", {"onnx-float": {"file": "networks/other.onnx"}}, "networks/imx500.rpk: is not"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any, told: str) -> None:
    tree = json.loads(MANIFEST.to_json()) | {field: value}
    with pytest.raises(ModelError) as caught:
        read_package(with_manifest(tree), "gate.slm")
    assert str(caught.value).startswith("gate.slm: ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("parameters.threshold", float("nan")),
        ("parameters.threshold", float("inf")),
        ("labels", ["a"] * 70_000),
        ("input.width", 10**4000),
    ],
    ids=["nan", "inf", "many names", "huge"],
)
def test_numbers_that_are_none(field: str, value: Any) -> None:
    tree = json.loads(MANIFEST.to_json())
    *branches, leaf = ("recipe." + field).split(".")
    branch = tree
    for name in branches:
        branch = branch[name]
    branch[leaf] = value
    with pytest.raises(ModelError, match=r"gate\.slm: manifest\.json: ") as caught:
        read_package(with_manifest(tree), "gate.slm")
    assert len(str(caught.value)) < 300


@given(st.binary(max_size=300))
def test_any_manifest_bytes_are_refused_in_a_sentence(page: bytes) -> None:
    sums = f"{hashlib.sha256(page).hexdigest()}  manifest.json\n".encode()
    with pytest.raises(ModelError, match=r"p: manifest\.json: "):
        read_package(pack({"manifest.json": page, "checksums.txt": sums}), "p")


def test_a_selftest_of_another_size_is_refused() -> None:
    with pytest.raises(ModelError, match=r"selftest/0\.rgb: has 5 bytes .* tensor has 96"):
        make_package(MANIFEST, {**FILES, "selftest/0.rgb": b"short"})


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        open_package(tmp_path / "none.slm")
    with pytest.raises(InputError, match="directory"):
        open_package(tmp_path)


def test_a_file_beyond_all_sizes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.slm"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(ModelError, match="at most 512"):
        open_package(path)


def test_a_write_that_fails_leaves_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gate.slm"
    PACKAGE.write(path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        SIGNED.write(path)
    assert path.read_bytes() == PACKAGE.to_bytes()
    assert os.listdir(tmp_path) == ["gate.slm"]


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SightlineError, match="cannot be written"):
        SIGNED.write(tmp_path / "none" / "gate.slm")
