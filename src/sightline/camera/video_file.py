"""The file beneath a video, which forgets the torn end when its disk fills up."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from sightline.errors import ConfigError


class VideoFile:
    """What a muxer needs of a file. The first write that fails cuts it back to what is whole.

    A muxer goes on after an error: it would patch its headers for a file that has no end.
    So from the first failure on, `error` says why and nothing more reaches the disk.
    """

    def __init__(self, path: str | Path) -> None:
        self.error: OSError | None = None
        self._whole = 0
        try:
            # Unbuffered: what the muxer has let go survives kill -9.
            self._file = open(path, "w+b", buffering=0)  # noqa: SIM115
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ConfigError(f"cannot write a video to {path}: {reason}") from None

    def grown(self) -> bool:
        """Whether more has reached the disk; to be asked where a muxer stands between packets.

        Muxers write fragments and clusters in one go, so all that is there then is whole.
        """
        if self.error:
            return False
        before, self._whole = self._whole, os.fstat(self._file.fileno()).st_size
        return self._whole > before

    def write(self, data: bytes) -> int:
        view = memoryview(data)
        try:
            while view and not self.error:
                view = view[self._file.write(view) :]
        except OSError as error:
            self.error = error
            with contextlib.suppress(OSError):
                self._file.truncate(self._whole)
        return len(data)

    def read(self, size: int) -> bytes:
        """Muxers that rearrange a file when it ends read it."""
        return self._file.read(size) or b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
