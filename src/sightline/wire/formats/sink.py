"""Where bytes go, such that what is there stays whole when the place gives up."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import IO

from sightline.errors import ConfigError, OutputError


class Sink:
    """Takes whole records and never leaves half of one behind in a file.

    A file is written without a buffer, so that it holds every record even after kill -9.
    `tail` stands after the last record at every moment (the bracket that closes a JSON
    array) and is written over by the next one; a stream gets it at the end.
    """

    def __init__(self, stream: IO[bytes], name: str = "-", tail: bytes = b"") -> None:
        self.name = name
        self.written = 0
        self.tail = tail
        self._stream = stream
        self._file = -1
        self._closed = False
        self._standard = False

    @classmethod
    def open(cls, path: str | Path) -> Sink:
        """A file made anew, or standard output for "-". Raises ConfigError where that fails."""
        if str(path) == "-":
            standard = cls(sys.stdout.buffer, "standard output")
            standard._standard = True
            return standard
        try:
            # Unbuffered, so that the records of a killed run are in the file.
            stream = open(path, "wb", buffering=0)  # noqa: SIM115
        except OSError as error:
            raise ConfigError(f"cannot write to {path}: {_reason(error)}") from None
        sink = cls(stream, str(path))
        # A device or a named pipe is written like a stream.
        if os.path.isfile(path):
            sink._file = stream.fileno()
        return sink

    def write(self, record: bytes) -> None:
        """Append one whole record. Raises OutputError, with the file cut back to what is whole.

        After that, and after `close`, nothing is taken any more: it has been said once.
        """
        if self._closed:
            return
        try:
            if self._file < 0:
                self._pour(record)
            else:
                self._put(record + self.tail)
        except OSError as error:
            self._closed = True
            self._restore()
            if isinstance(error, BrokenPipeError):
                raise  # whoever read our output has left, which is no fault of ours
            raise OutputError(
                f"cannot go on writing to {self.name}: {_reason(error)}; "
                f"{_size(self.written)} written before are whole and readable"
            ) from None
        self.written += len(record)

    def close(self) -> None:
        """Let go of the place. Twice does no harm."""
        if self._closed:
            return
        if self._file < 0 and self.tail:
            self.write(self.tail)
        self._closed = True
        if not self._standard:
            self._stream.close()

    def _pour(self, data: bytes) -> None:
        """A pipe may take less than it is given."""
        view = memoryview(data)
        while view:
            view = view[self._stream.write(view) or 0 :]
        self._stream.flush()

    def _put(self, data: bytes) -> None:
        """Like os.pwrite, but all of it or OSError: a full disk takes a part first."""
        view, place = memoryview(data), self.written
        while view:
            done = os.pwrite(self._file, view, place)
            view, place = view[done:], place + done

    def _restore(self) -> None:
        if self._file >= 0:
            # The tail fits: its place was given back a moment ago.
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self.written)
                self._put(self.tail)
        if self._standard:
            # What its buffer still holds would fail again, loudly, when Python exits.
            with open(os.devnull, "wb") as nowhere:
                os.dup2(nowhere.fileno(), self._stream.fileno())
        else:
            with contextlib.suppress(OSError):
                self._stream.close()


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} GB"
