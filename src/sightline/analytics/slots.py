"""Small numbers for the objects in the picture, so that state lives in arrays."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.keeping import State, packed, unpacked

Index = NDArray[np.intp]
Ids = NDArray[np.int64]
T = TypeVar("T", bound=np.generic)

_NOBODY = -(1 << 40)  # from here up are identities without a track


class Slots:
    """Which identity has which slot. A slot is an index into arrays of `capacity` rows."""

    def __init__(self) -> None:
        self.capacity = 0
        self.ids: Ids = np.empty(0, np.int64)  # sorted
        self.taken: Index = np.empty(0, np.intp)  # the slot of each of `ids`
        self._free: list[int] = []

    def state(self) -> State:
        """For `restore`, as plain JSON values."""
        return {
            "capacity": self.capacity,
            "ids": packed(self.ids),
            "taken": packed(self.taken),
            "free": list(self._free),
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        ids, taken, free = unpacked(state["ids"]), unpacked(state["taken"]), state["free"]
        capacity = int(state["capacity"])
        if sorted([*taken.tolist(), *free]) != list(range(capacity)) or len(ids) != len(taken):
            raise ValueError("some slots are missing")
        self.capacity, self.ids, self.taken, self._free = capacity, ids, taken, list(free)

    def rename(self) -> None:
        """Everybody keeps the slot, but under an identity that no track has."""
        self.ids = np.arange(_NOBODY, _NOBODY + len(self.ids), dtype=np.int64)

    def find(self, ids: Ids) -> tuple[Index, NDArray[np.bool_]]:
        """Slots (N,) of identities, and which have one; those of the others mean nothing."""
        if not len(self.ids):
            return np.zeros(len(ids), np.intp), np.zeros(len(ids), np.bool_)
        at = self.ids.searchsorted(ids)
        found = self.ids.take(at, mode="clip") == ids
        return self.taken.take(at, mode="clip"), found

    def among(self, ids: Ids) -> NDArray[np.bool_]:
        """Which of `self.ids` are among these."""
        found = np.zeros(len(self.ids), np.bool_)
        if len(found):
            at = self.ids.searchsorted(ids).clip(max=len(found) - 1)
            found[at[self.ids[at] == ids]] = True
        return found

    def open(self) -> int:
        """A slot that nobody has; `capacity` may have grown."""
        if not self._free:
            before, self.capacity = self.capacity, max(16, 2 * self.capacity)
            self._free += range(self.capacity - 1, before - 1, -1)
        return self._free.pop()

    def give(self, ids: Ids, slots: Index) -> None:
        """New identities for slots, whose former ones are forgotten."""
        kept = (self.taken[:, None] != slots).all(axis=1)
        everyone = np.concatenate([self.ids[kept], ids])
        order = everyone.argsort()
        self.ids = everyone[order]
        self.taken = np.concatenate([self.taken[kept], slots])[order]

    def forget(self, which: NDArray[np.bool_]) -> list[int]:
        """Drop identities by mask over `ids`; their slots stay unused until `free`."""
        slots: list[int] = self.taken[which].tolist()
        self.ids, self.taken = self.ids[~which], self.taken[~which]
        return slots

    def free(self, slots: list[int]) -> None:
        """Slots that were forgotten may be used again."""
        self._free += slots


def grown(array: NDArray[T], rows: int) -> NDArray[T]:
    """The array with zeros added below until it has `rows` rows."""
    if len(array) >= rows:
        return array
    wider = np.zeros((rows, *array.shape[1:]), array.dtype)
    wider[: len(array)] = array
    return wider


def changes(slots: Index, values: NDArray[np.intp]) -> Index:
    """Rows (of R, in the order of time) at which the value of a slot is another one than at its
    row before, and each slot's first."""
    order = slots.argsort(kind="stable")
    own, told = slots[order], values[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (own[1:] != own[:-1]) | (told[1:] != told[:-1])
    return order[new]
