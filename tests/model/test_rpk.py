"""The Raspberry Pi zoo's container: four real files, and what nobody should have made."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import ModelError
from sightline.model.cpio import read_cpio
from sightline.model.rpk import read_rpk

INFO = b"inputTensorWidth=64\r\ninputTensorHeight=32\r\ninputTensorFormat=BGR\r\n" + (
    b"outputTensorNum=2\r\noutputTensorDimSize1=400\r\noutputTensorDimSize2=100\r\n"
)


def entry(name: str, content: bytes, mode: int = 0o100644) -> bytes:
    fields = [0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08X" % value for value in fields) + name.encode() + b"\0"
    return _padded(head) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def rpk(files: dict[str, bytes], blocks: int = 2) -> bytes:
    body = b"firmware" * 7 + b"3695"
    block = (b"9464" + len(body).to_bytes(4, "big")).ljust(64, b"\0") + body
    archive = b"".join(entry(name, data) for name, data in files.items())
    return block * blocks + archive + entry("TRAILER!!!", b"", 0) + b"\0" * 300


GOOD = {
    "imx500_regs": b"regs",
    "network_info.txt": INFO,
    "network_intrinsics": json.dumps(
        {"task": "object detection", "classes": {"labels": ["person", "-"]}}
    ).encode(),
}


def test_what_is_in_one() -> None:
    network = read_rpk(rpk(GOOD), "net.rpk")
    assert (network.width, network.height, network.colour) == (64, 32, "bgr")
    assert network.outputs == (400, 100)
    assert network.intrinsics is not None
    assert network.intrinsics.task == "object detection"
    assert network.intrinsics.classes.labels == ("person", "-")
    assert network.intrinsics.cpu.bbox_order == "yx"


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "size", "colour", "outputs", "task", "labels"),
    [
        ("efficientdet_lite0_pp", (320, 320), "rgb", (400, 100, 100, 1), "object detection", 90),
        ("inputtensoronly", (640, 480), "rgb", (10,), None, 0),
        ("mobilenet_v2", (224, 224), "rgb", (1000,), "classification", 1001),
        ("nanodet_plus_416x416_pp", (416, 416), "bgr", (1200, 300, 300, 1), "object detection", 90),
    ],
)
def test_the_real_ones(
    data: Path, name: str, size: object, colour: str, outputs: object, task: str, labels: int
) -> None:
    path = data / "models" / "rpk" / f"imx500_network_{name}.rpk"
    network = read_rpk(path.read_bytes(), path.name)
    assert (network.width, network.height) == size
    assert (network.colour, network.outputs) == (colour, outputs)
    assert (network.intrinsics and network.intrinsics.task) == task
    assert len(network.intrinsics.classes.labels if network.intrinsics else ()) == labels


@given(st.data())
def test_damage_is_refused_or_harmless(data: st.DataObject) -> None:
    whole = bytearray(rpk(GOOD))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ModelError):
        read_rpk(bytes(whole), "net.rpk")


@given(st.integers(0, len(rpk(GOOD)) - 301))
def test_a_part_is_refused(length: int) -> None:
    with pytest.raises(ModelError, match=r"net\.rpk: "):
        read_rpk(rpk(GOOD)[:length], "net.rpk")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ModelError):
        read_rpk(data, "p")
    with pytest.raises(ModelError):
        read_cpio(memoryview(data), "p")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"network_intrinsics": b"{}"}, "network_info.txt: is missing"),
        ({"network_info.txt": INFO.replace(b"=64", b"=-1")}, "inputTensorWidth: '-1'"),
        ({"network_info.txt": INFO.replace(b"Num=2", b"Num=99999999999")}, "outputTensorNum"),
        ({"network_info.txt": INFO.replace(b"Num=2", b"Num=3")}, "outputTensorDimSize3: ''"),
        ({"network_info.txt": INFO.replace(b"BGR", b"CMYK")}, "inputTensorFormat: 'CMYK'"),
        ({**GOOD, "network_intrinsics": b"[["}, "network_intrinsics: "),
        ({**GOOD, "network_intrinsics": b'{"classes": {"labels": 7}}'}, "classes.labels: "),
        ({**GOOD, "../passwd": b""}, "'../passwd': is not a plain file"),
        ({f"f{n}": b"" for n in range(40)}, "more than 32 files"),
    ],
)
def test_a_wrong_field_is_named(files: dict[str, bytes], told: str) -> None:
    with pytest.raises(ModelError) as caught:
        read_rpk(rpk(files), "net.rpk")
    assert told in str(caught.value)


def test_links_and_twins_are_refused() -> None:
    for archive in (entry("link", b"/etc/passwd", 0o120777), entry("a", b"") * 2):
        with pytest.raises(ModelError, match="plain file"):
            read_cpio(memoryview(archive + entry("TRAILER!!!", b"", 0)), "p")
