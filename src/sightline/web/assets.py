"""The dashboard's files, held in memory under a name that changes whenever one of them does.

A browser keeps them for ever, an update is seen at once, and no path from outside ever
reaches the disk.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}
_IMPORTS = re.compile(r'^(?:import|export) (?:[^"]* from )?"(\.{1,2}/[^"]+)";', re.MULTILINE)
_WORTH_PACKING = 1024  # bytes; below that the header costs more than it saves


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    content: bytes
    packed: bytes | None
    media_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All files by their path, and the digest that names this version of them."""

    files: dict[str, Asset]
    version: str


@cache
def assets() -> Assets:
    """Read once in the life of a process."""
    found = dict(_walk(files("sightline.web") / "static", ""))
    digest = hashlib.sha256()
    for path in sorted(found):
        digest.update(path.encode() + b"\0" + found[path].content)
    return Assets(found, digest.hexdigest()[:12])


def needed(module: str) -> list[str]:
    """A module and all that it imports, and they import, before it runs."""
    found = [module]
    for path in found:
        source = assets().files[path].content.decode()
        for target in _IMPORTS.findall(source):
            one = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if one not in found:
                found.append(one)
    return found


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Asset]]:
    found: list[tuple[str, Asset]] = []
    for item in folder.iterdir():
        path = f"{prefix}{item.name}"
        suffix = item.name.rpartition(".")[2]
        if item.is_dir():
            found += _walk(item, f"{path}/")
        elif suffix in _TYPES:
            content = item.read_bytes()
            packed = gzip.compress(content, 9, mtime=0) if len(content) > _WORTH_PACKING else None
            found.append((path, Asset(content, packed, _TYPES[suffix])))
    return found
