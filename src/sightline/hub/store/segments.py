"""Parquet files of frames: frames/<camera>/<date>/<hour>-<random>.parquet.

A file is written whole, flushed to the disk, and only then named in the database; one that the
database does not name is what a crash left and is swept away.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, Row, delete, select

from sightline.hub.store.tables.frames import segments
from sightline.hub.store.trouble import translated

_GROUP = 2048  # frames of a row group: what a look at the newest has to read


class Segments:
    """The files under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, camera: str, hour: int, table: pa.Table) -> dict[str, Any]:
        """Write a file; the row that names it. Raises StoreFull."""
        day = datetime.fromtimestamp(hour * 3600, UTC)
        path = f"{camera}/{day:%Y-%m-%d}/{day:%H}-{secrets.token_hex(6)}.parquet"
        file = self.folder / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            size = _write(file, table)
        except OSError as error:
            file.unlink(missing_ok=True)
            raise translated(error) from None
        times = table["time_ns"]
        return {
            "camera": camera, "hour": hour, "path": path, "bytes": size,
            "first_ns": times[0].as_py(), "last_ns": times[-1].as_py(),
            "frames": table.num_rows, "objects": len(table["score"].combine_chunks().flatten()),
        }  # fmt: skip

    def read(self, path: str, filters: list[tuple[str, str, Any]] | None = None) -> pa.Table:
        """A file, or the rows of it that these conditions keep."""
        return pq.read_table(self.folder / path, partitioning=None, filters=filters)

    def open(self, path: str) -> pq.ParquetFile:
        """For reading it in parts."""
        return pq.ParquetFile(self.folder / path)

    def remove(self, paths: list[str]) -> None:
        """Delete files that the database does not name any more, and folders left empty."""
        for path in paths:
            file = self.folder / path
            file.unlink(missing_ok=True)
            for folder in (file.parent, file.parent.parent):
                try:
                    folder.rmdir()
                except OSError:
                    break

    def strays(self, camera: str, named: set[str]) -> list[str]:
        """Files of a camera that the database does not name."""
        files = (self.folder / camera).glob("*/*.parquet")
        paths = (str(file.relative_to(self.folder)) for file in files)
        return [path for path in paths if path not in named]

    def cameras(self) -> list[str]:
        """Cameras that have files."""
        return sorted(item.name for item in self.folder.iterdir()) if self.folder.is_dir() else []


def named(connection: Connection, camera: str) -> set[str]:
    """The files of a camera that the database names."""
    return set(connection.scalars(select(segments.c.path).where(segments.c.camera == camera)))


def overlapping(connection: Connection, camera: str, from_ns: int, to_ns: int) -> list[Row[Any]]:
    """Segments of a camera that have frames in a range."""
    query = (
        select(segments)
        .where(segments.c.camera == camera, segments.c.last_ns >= from_ns)
        .where(segments.c.first_ns < to_ns)
        .order_by(segments.c.first_ns)
    )
    return list(connection.execute(query))


def forget(connection: Connection, ids: list[int]) -> None:
    """Take segments out of the database."""
    connection.execute(delete(segments).where(segments.c.id.in_(ids)))


def _write(file: Path, table: pa.Table) -> int:
    with file.open("xb") as sink:
        pq.write_table(
            table, sink, compression="zstd", row_group_size=_GROUP,
            use_dictionary=["boot", "header", "label.list.element"],
            column_encoding={
                "time_ns": "DELTA_BINARY_PACKED", "sequence": "DELTA_BINARY_PACKED",
                "track.list.element": "DELTA_BINARY_PACKED",
            },
        )  # fmt: skip
        sink.flush()
        os.fsync(sink.fileno())
        size = sink.tell()
    for folder in (file.parent, file.parent.parent, file.parent.parent.parent):
        _flush(folder)
    return size


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
