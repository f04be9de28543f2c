"""What analytics remember, as plain JSON values, so that it outlives the process."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

State: TypeAlias = dict[str, Any]
T = TypeVar("T")

_KINDS = "biuf"  # whole numbers, floats and truths; nothing that could run code


def packed(array: NDArray[Any]) -> State:
    """An array, to the last bit."""
    data = zlib.compress(np.ascontiguousarray(array).tobytes(), 1)
    return {
        "dtype": array.dtype.str,
        "shape": list(array.shape),
        "data": b64encode(data).decode("ascii"),
    }


def unpacked(value: State) -> NDArray[Any]:
    """The array that was `packed`. Raises KeyError, TypeError or ValueError where it is none."""
    dtype, shape = np.dtype(value["dtype"]), tuple(map(int, value["shape"]))
    if dtype.kind not in _KINDS or min(shape, default=0) < 0:
        raise ValueError(f"an array of {dtype} {shape} is not what analytics keep")
    size = dtype.itemsize * int(np.prod(shape))
    try:
        data = zlib.decompressobj().decompress(b64decode(value["data"], validate=True), size + 1)
    except zlib.error as error:
        raise ValueError(f"an array is damaged: {error}") from None
    return np.frombuffer(data, dtype).reshape(shape).copy()


def pairs(by_slot: Mapping[int, T]) -> list[list[Any]]:
    """A mapping by slot; keys of JSON objects are text, and would come back as such."""
    return [[slot, value] for slot, value in by_slot.items()]


def by_slot(kept: Iterable[tuple[int, T]]) -> dict[int, T]:
    """The mapping that went into `pairs`."""
    return {int(slot): value for slot, value in kept}


def relabelled(
    label: NDArray[np.int32], before: Sequence[str], labels: Sequence[str]
) -> NDArray[np.int32]:
    """Class indices into the names as they were `before`, by the names as they are now; -1 where a
    name is no more."""
    if not labels or list(before) == list(labels)[: len(before)]:
        return label
    now = {name: index for index, name in enumerate(labels)}
    table = np.array([*(now.get(name, -1) for name in before), -1], np.int32)
    known = (label >= 0) & (label < len(before))
    return table[np.where(known, label, len(before))]
