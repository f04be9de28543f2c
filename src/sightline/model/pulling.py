"""A network of the zoo, from its maker's server to a package under its name."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sightline.errors import ConfigError, DownloadError
from sightline.model.download import PATIENT, Patience, Progress, download
from sightline.model.importing import About, NetworkReader, import_network
from sightline.model.labels import SETS, read_labels
from sightline.model.places import network_folder
from sightline.model.zoo import ZooFile, ZooNetwork, in_zoo, zoo


def pull(
    name: str,
    reader: NetworkReader,
    *,
    progress: Progress = lambda done, total: None,
    mirror: str | None = None,
    patience: Patience = PATIENT,
) -> Path:
    """Fetch a network and pack it; the package, which is there already after the first time.

    mirror  an address in place of the upstream ones, under which the files lie by name;
            without it the environment's SIGHTLINE_MIRROR
    Raises ConfigError for a name that is not in the zoo, DownloadError, OutputError.
    """
    entry = in_zoo(name)
    if entry is None:
        raise ConfigError(f"there is no network {name!r} in the zoo; there are {', '.join(zoo())}")
    package = network_folder() / f"{entry.name}.slm"
    if package.is_file():
        return package
    mirror = mirror or os.environ.get("SIGHTLINE_MIRROR")
    wanted = [entry.file, *([entry.labels] if isinstance(entry.labels, ZooFile) else [])]
    for file in wanted:
        _fetch(file, mirror, progress, patience)
    imported = import_network(_place(entry.file), reader, _about(entry))
    imported.write(package)
    for file in wanted:
        _place(file).unlink()
    return package


def _fetch(file: ZooFile, mirror: str | None, progress: Progress, patience: Patience) -> None:
    """The file in its place: put there by hand, or downloaded now."""
    place = _place(file)
    if place.is_file():
        if hashlib.sha256(place.read_bytes()).hexdigest() != file.sha256:
            raise DownloadError(
                f"{place}: is not the file known by this name (the SHA-256 differs); remove it"
            )
        return
    url = f"{mirror.rstrip('/')}/{file.name}" if mirror else file.url
    try:
        download(
            url,
            place,
            sha256=file.sha256,
            size=file.bytes,
            progress=progress,
            patience=patience,
        )
    except DownloadError as error:
        raise DownloadError(
            f"{error}. To do without: fetch {file.url} elsewhere, put it at {place}, and pull again"
        ) from None


def _place(file: ZooFile) -> Path:
    return network_folder() / file.name


def _about(entry: ZooNetwork) -> About:
    labels: tuple[str, ...] = ()
    if isinstance(entry.labels, ZooFile):
        labels = read_labels(str(_place(entry.labels)))
    elif entry.labels:
        labels = SETS[entry.labels]
    return About(
        name=entry.name,
        version=entry.version,
        labels=labels,
        decoder=entry.decoder,
        licence=entry.licence,
        source=entry.file.url,
        created=entry.created,
        metrics=entry.published,
    )
