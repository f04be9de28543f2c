"""A model package: a network in one or more forms, and everything that is known of it.

Opening goes from the outside in, and nothing is read further before the step before it has
passed: size, container, checksums, signature, manifest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sightline.errors import InputError, ModelError
from sightline.model.archive import CHECKSUMS, MANIFEST, MAX_BYTES, SIGNATURE, pack, unpack
from sightline.model.atomic import write_atomically
from sightline.model.manifest import Manifest, TargetName, parse_manifest
from sightline.model.signing import Signature, check, parse_signature, sign

_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
_MAX_MANIFEST = 4 << 20


@dataclass(frozen=True)
class Package:
    """A package in memory; its content is whole and is what its signer signed, if anybody did.

    files      the bytes of each entry that the manifest names
    page       the bytes of `manifest.json`
    checksums  the bytes of `checksums.txt`
    """

    manifest: Manifest
    files: Mapping[str, bytes | memoryview]
    page: bytes
    checksums: bytes
    signature: Signature | None = None

    @cached_property
    def digest(self) -> str:
        """What identifies this content, signed or not: SHA-256 of the list of checksums."""
        return hashlib.sha256(self.checksums).hexdigest()

    def network(self, target: TargetName | None = None) -> bytes:
        """The network for `target` (the default one for a CPU). Raises ModelError."""
        chosen = target or self.manifest.default
        if chosen not in self.manifest.targets:
            held = ", ".join(self.manifest.targets)
            raise ModelError(f"{self.manifest.name}: holds no network for {chosen}, only {held}")
        return bytes(self.files[self.manifest.targets[chosen].file])

    def signed(self, key: Ed25519PrivateKey) -> Package:
        """The same content, vouched for with `key` (and by nobody else)."""
        return replace(self, signature=sign(self.checksums, key))

    def to_bytes(self) -> bytes:
        """The bytes of the file; the same package gives the same bytes."""
        entries = {name: bytes(data) for name, data in self.files.items()}
        entries |= {MANIFEST: self.page, CHECKSUMS: self.checksums}
        if self.signature:
            entries[SIGNATURE] = self.signature.to_json()
        return pack(entries)

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all. Raises OutputError."""
        write_atomically(path, self.to_bytes())


def make_package(manifest: Manifest, files: Mapping[str, bytes]) -> Package:
    """An unsigned package. Raises ModelError where manifest and files do not belong together."""
    _check_files(manifest, files, manifest.name)
    page = manifest.to_json()
    sums = {MANIFEST: page, **files}
    lines = (f"{hashlib.sha256(sums[name]).hexdigest()}  {name}\n" for name in sorted(sums))
    return Package(manifest, dict(files), page, "".join(lines).encode())


def open_package(path: Path) -> Package:
    """Read a package file. Raises InputError, and ModelError as `read_package` does."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ModelError(
                f"{path}: has {size >> 20} MB; a package has at most {MAX_BYTES >> 20}"
            )
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    return read_package(data, str(path))


def read_package(data: bytes, origin: str) -> Package:
    """A package from the bytes of its file, whole and unchanged.

    origin  the name of the file, for the message
    Raises ModelError naming the file and the field: content that was damaged, swapped,
    signed by somebody else than it says, or is not what a package holds.
    """
    entries = unpack(data, origin)
    for name in (CHECKSUMS, MANIFEST):
        if name not in entries or len(entries[name]) > _MAX_MANIFEST:
            raise ModelError(f"{origin}: {name}: is missing or too large; this is not a package")
    checksums = bytes(entries.pop(CHECKSUMS))
    signature = None
    if SIGNATURE in entries:
        signature = parse_signature(bytes(entries.pop(SIGNATURE)), origin)
        check(signature, checksums, origin)
    _check_sums(checksums, entries, origin)
    page = bytes(entries.pop(MANIFEST))
    manifest = parse_manifest(page, origin)
    _check_files(manifest, entries, origin)
    return Package(manifest, entries, page, checksums, signature)


def _check_sums(checksums: bytes, entries: Mapping[str, memoryview], origin: str) -> None:
    listed: dict[str, str] = {}
    for line in checksums.decode("ascii", "replace").splitlines():
        match = _LINE.fullmatch(line)
        if not match:
            raise ModelError(f"{origin}: {CHECKSUMS}: {line[:80]!r} is not a checksum and a name")
        listed[match[2]] = match[1]
    for name in sorted(listed.keys() ^ entries.keys()):
        fault = "is not in the package" if name in listed else "has no checksum"
        raise ModelError(f"{origin}: {name}: {fault}")
    for name, data in entries.items():
        if hashlib.sha256(data).hexdigest() != listed[name]:
            raise ModelError(f"{origin}: {name}: does not match its checksum; it was changed")


def _check_files(manifest: Manifest, files: Mapping[str, bytes | memoryview], origin: str) -> None:
    for name in sorted(set(manifest.files()) ^ files.keys()):
        fault = "is not there" if name not in files else "is not named in the manifest"
        raise ModelError(f"{origin}: {name}: {fault}")
    size = manifest.recipe.input.width * manifest.recipe.input.height * 3
    for test in manifest.selftest:
        if len(files[test.file]) != size:
            raise ModelError(
                f"{origin}: {test.file}: has {len(files[test.file])} bytes where an input "
                f"tensor has {size}"
            )
