"""A package from the hub: resumed where it broke off, checked before it counts as here."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from pathlib import Path

from sightline.camera.selftest import run_selftest
from sightline.camera.updates.resolving import package_path
from sightline.errors import DownloadError, ModelError
from sightline.model.download import PATIENT, Patience, download
from sightline.model.package import open_package
from sightline.model.trust import admit
from sightline.wire.control import ModelRef

_MOST_MB = 512


class Fetcher:
    """Fetches with the camera's own credential. Blocking work runs in a thread.

    folder  where packages lie, by their hash
    """

    def __init__(
        self,
        hub: str,
        folder: Path,
        token: Callable[[], str],
        trust: ssl.SSLContext | None,
        patience: Patience = PATIENT,
    ) -> None:
        self._hub, self.folder, self._token, self._trust = hub, folder, token, trust
        self._patience = patience

    async def fetch(self, model: ModelRef, *, require_signature: bool) -> Path:
        """The package, whole and vouched for. Raises DownloadError, OutputError, ModelError."""
        path = package_path(self.folder, model.sha256)
        if not await asyncio.to_thread(_is, path, model.sha256):
            if not self._hub or not model.url.startswith("/") or model.url.startswith("//"):
                raise DownloadError("model: a package is fetched from the hub itself alone")
            if not 0 < model.size <= _MOST_MB << 20:
                raise DownloadError(f"model: a package has at most {_MOST_MB} MB")
            await asyncio.to_thread(
                download, self._hub + model.url, path, sha256=model.sha256, size=model.size,
                patience=self._patience, token=self._token, trust=self._trust,
            )  # fmt: skip
        await asyncio.to_thread(_check, path, model, require_signature)
        return path

    def keep_only(self, *models: ModelRef | None) -> None:
        """Remove packages that nobody goes back to."""
        kept = {f"{model.sha256}.slm" for model in models if model is not None}
        for path in self.folder.glob("*.slm*"):
            if path.name.removesuffix(".part") not in kept:
                path.unlink(missing_ok=True)


def tried_samples(path: Path) -> int:
    """Run the package's own samples; how many there were. Raises ModelError for a failure."""
    package = open_package(path)
    return run_selftest(package, package.manifest.name) if package.manifest.selftest else 0


def _is(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _check(path: Path, model: ModelRef, require_signature: bool) -> None:
    package = open_package(path)
    if (package.manifest.name, package.manifest.version) != (model.name, model.version):
        raise ModelError(
            f"model: the package is {package.manifest.name} {package.manifest.version}, "
            f"not {model.name} {model.version}"
        )
    admit(package, model.name, require_signature=require_signature)
