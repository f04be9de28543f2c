"""The mark of demo data: a file in the hub's folder, where it stays whoever serves that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from sightline.errors import InputError

TAG = ("demo", "yes")  # of the cameras, beside the file


@dataclass(frozen=True, slots=True)
class Mark:
    """What of a hub's data is made up.

    cameras  that are rendered, and whose past is made up
    by       who made it, as the audit log calls them: rollouts, rules and packages of theirs belong
             to it
    seed     that the past was made of
    spans    from and to, in seconds since the epoch: what was filled with it, the newest last
    done     how much of the newest is stored, 0..1
    """

    cameras: tuple[str, ...]
    by: tuple[str, ...]
    seed: int
    spans: tuple[tuple[int, int], ...] = ()
    done: float = 0.0


def read_mark(data: Path) -> Mark | None:
    """That of a hub's folder; None where all its data is real. Raises InputError."""
    try:
        return msgspec.json.decode(_file(data).read_bytes(), type=Mark)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise InputError(f"{_file(data)}: does not say what is demo data: {error}") from None


def write_mark(data: Path, mark: Mark) -> None:
    """Keep it."""
    fresh = _file(data).with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(mark))
    fresh.replace(_file(data))


def remove_mark(data: Path) -> None:
    """From now on all data is real."""
    _file(data).unlink(missing_ok=True)


def _file(data: Path) -> Path:
    return data / "demo.json"
