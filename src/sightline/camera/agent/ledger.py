"""The camera's own egress ledger: an entry an hour, and one for every picture before it leaves."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from sightline.errors import InputError, OutputError
from sightline.wire.egress import LARGEST, Entry, Sealed, Sent, SentPicture, open_sealed, seal

EVERY_S = 3600.0


class Ledger:
    """Appends to a file, each entry flushed to the disk before anybody hears of it.

    What left since the last entry is counted here; `counted` is kept with the outbox, so that a
    camera that is killed forgets a second of metadata at most. A picture has its entry before
    its first byte is sent, so none is ever forgotten: where the entry cannot be written, the
    picture does not leave.
    """

    def __init__(self, path: Path, camera: str, key: EllipticCurvePrivateKey, now_ns: int) -> None:
        self._path, self._camera, self._key = path, camera, key
        self._last = _last(path)
        self._begun_ns = self._last.entry.end_ns if self._last else now_ns
        self._sent: dict[str, Sent] = {}
        self._policies: set[str] = set()
        self._unclean = False

    @property
    def number(self) -> int:
        """Of the newest entry; -1 where there is none."""
        return self._last.entry.number if self._last else -1

    @property
    def last(self) -> Sealed | None:
        """The newest entry."""
        return self._last

    def resume(self, counted: bytes | None, unclean: bool) -> None:
        """Go on from what was counted before the camera stopped."""
        self._unclean = unclean and self._last is not None
        with suppress(msgspec.MsgspecError):
            kept = msgspec.json.decode(counted or b"{}", type=_Counted)
            if kept.after == self.number:
                self._sent = {kind: Sent(*numbers) for kind, numbers in kept.sent.items()}
                self._policies = set(kept.policies)

    def counted(self) -> bytes:
        """For `resume`."""
        sent = {kind: (item.messages, item.bytes) for kind, item in self._sent.items()}
        return msgspec.json.encode(_Counted(self.number, sent, sorted(self._policies)))

    def policy(self, name: str) -> None:
        """A privacy policy is in force."""
        self._policies.add(name)

    def count(self, kind: str, size: int) -> None:
        """A message of this class of data left, for good."""
        before = self._sent.get(kind, Sent())
        self._sent[kind] = Sent(before.messages + 1, before.bytes + size)

    async def close(self, now_ns: int, pictures: tuple[SentPicture, ...] = ()) -> Sealed:
        """End the interval; one at a time. Raises OutputError: then it goes on as if nothing were.

        What leaves while the entry is written counts for the next one.
        """
        sent, policies = self._sent, self._policies
        entry = Entry(
            camera=self._camera,
            number=self.number + 1,
            start_ns=self._begun_ns,
            end_ns=max(now_ns, self._begun_ns),
            policies=tuple(sorted(policies)),
            sent=dict(sorted(sent.items())),
            pictures=pictures,
            unclean=self._unclean,
            previous=self._last.digest if self._last else "",
        )
        self._sent, self._policies = {}, set()
        try:
            sealed = seal(entry, self._key)
            await asyncio.to_thread(self._append, sealed.line)
        except OutputError:
            for kind, item in sent.items():
                since = self._sent.get(kind, Sent())
                whole = Sent(item.messages + since.messages, item.bytes + since.bytes)
                self._sent[kind] = whole
            self._policies |= policies
            raise
        self._last, self._begun_ns, self._unclean = sealed, entry.end_ns, False
        return sealed

    def after(self, number: int) -> list[Sealed]:
        """Entries behind this one, oldest first."""
        if number >= self.number:
            return []
        lines = self._path.read_bytes().splitlines()
        return [open_sealed(line, str(self._path)) for line in lines[number + 1 :]]

    def _append(self, line: bytes) -> None:
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                size = os.fstat(file).st_size
                if os.write(file, line + b"\n") != len(line) + 1:
                    os.ftruncate(file, size)
                    raise OSError(28, "no space left on device")
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written: {error.strerror}") from None


class _Counted(msgspec.Struct):
    after: int = -1
    sent: dict[str, tuple[int, int]] = {}
    policies: list[str] = []


def _last(path: Path) -> Sealed | None:
    """The last whole entry; a line that a power cut left half is cut off."""
    try:
        with path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 2 * LARGEST))
            tail = file.read()
            whole = tail.rfind(b"\n") + 1
            if whole < len(tail):
                file.truncate(size - len(tail) + whole)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    lines: Any = tail[:whole].splitlines()
    return open_sealed(lines[-1], str(path)) if lines else None
