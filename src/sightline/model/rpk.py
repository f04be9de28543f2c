"""Networks for the IMX500 as Raspberry Pi distributes them (`.rpk`).

Blocks of firmware, each with a header of 64 bytes ("9464", the size of the rest) and a footer
("3695"), then a CPIO archive with `network_info.txt` (the tensors) and, in most,
`network_intrinsics` (task, labels, how to read the output). What is in the blocks only the
chip understands; the file is packed whole.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from sightline.errors import ModelError
from sightline.model.cpio import MAGIC, read_cpio

_BLOCK = struct.Struct(">4sI")
_BLOCK_HEADER = 64
_HEAD, _FOOT = b"9464", b"3695"

Label = Annotated[str, Field(max_length=200)]


class _Cpu(BaseModel):
    bbox_normalization: bool = False
    bbox_order: Literal["xy", "yx"] = "yx"
    softmax: bool = False
    post_processing: str = Field(default="", max_length=40)


class _Classes(BaseModel):
    labels: tuple[Label, ...] = Field(default=(), max_length=10000)
    ignore_undefined: bool = False


class Intrinsics(BaseModel):
    """`network_intrinsics`: what the network is for and what is left for the host to do."""

    task: str = Field(default="", max_length=40)
    inference_rate: float | None = Field(default=None, gt=0, le=1000)
    cpu: _Cpu = _Cpu()
    classes: _Classes = _Classes()


@dataclass(frozen=True, slots=True)
class Rpk:
    """What can be known of a network for the chip without the chip.

    outputs     how many numbers each output tensor holds
    intrinsics  None where the file says nothing of its use (the input tensor only)
    """

    width: int
    height: int
    colour: Literal["rgb", "bgr", "y"]
    outputs: tuple[int, ...]
    intrinsics: Intrinsics | None = field(default=None)


def read_rpk(data: bytes, origin: str) -> Rpk:
    """What an .rpk says of its network. Raises ModelError naming the file and the field."""
    view = memoryview(data)
    files = read_cpio(view[_behind_blocks(view, origin) :], origin)
    if "network_info.txt" not in files:
        raise ModelError(f"{origin}: network_info.txt: is missing; this is no network")
    info = _info(bytes(files["network_info.txt"]))
    count = _number(info, "outputTensorNum", 16, origin)
    return Rpk(
        _number(info, "inputTensorWidth", 4096, origin),
        _number(info, "inputTensorHeight", 4096, origin),
        _colour(info, origin),
        tuple(_number(info, f"outputTensorDimSize{n + 1}", 1 << 24, origin) for n in range(count)),
        _intrinsics(files.get("network_intrinsics"), origin),
    )


def _behind_blocks(data: memoryview, origin: str) -> int:
    at = 0
    while bytes(data[at : at + 4]) == _HEAD:
        if at + _BLOCK_HEADER > len(data):
            break
        end = at + _BLOCK_HEADER + _BLOCK.unpack_from(data, at)[1]
        if bytes(data[end - 4 : end]) != _FOOT or end < at + _BLOCK_HEADER + 4:
            raise ModelError(f"{origin}: is damaged or cut short: a block has no end")
        at = end
    if at == 0 or bytes(data[at : at + len(MAGIC)]) != MAGIC:
        raise ModelError(f"{origin}: is not a network for the IMX500, or is cut short")
    return at


def _info(text: bytes) -> dict[str, str]:
    lines = text[: 1 << 16].decode("ascii", "replace").splitlines()
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}


def _number(info: dict[str, str], key: str, most: int, origin: str) -> int:
    text = info.get(key, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 0 < int(text) <= most):
        raise ModelError(f"{origin}: network_info.txt: {key}: {text[:20]!r} is not 1 to {most}")
    return int(text)


def _colour(info: dict[str, str], origin: str) -> Literal["rgb", "bgr", "y"]:
    known: dict[str, Literal["rgb", "bgr", "y"]] = {"RGB": "rgb", "BGR": "bgr", "Y": "y"}
    name = info.get("inputTensorFormat", "")
    if name not in known:
        raise ModelError(
            f"{origin}: network_info.txt: inputTensorFormat: {name[:20]!r} is none of RGB, BGR, Y"
        )
    return known[name]


def _intrinsics(data: memoryview | None, origin: str) -> Intrinsics | None:
    if data is None:
        return None
    try:
        return Intrinsics.model_validate_json(bytes(data))
    except ValidationError as error:
        first: Any = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ModelError(f"{origin}: network_intrinsics: {where}: {first['msg']}") from None
