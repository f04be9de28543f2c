"""Networks that others publish, by name: where they lie and what they are."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from sightline.model.manifest import Metric
from sightline.model.places import network_folder


class ZooFile(BaseModel):
    """One file upstream; nothing is known under its name but these very bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[\w.-]+$")
    url: str = Field(pattern=r"^https://")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(gt=0)


class ZooNetwork(BaseModel):
    """One entry of `zoo.json`.

    labels     a set that Sightline knows, a file, or none where the decoder knows them
    published  accuracy as its maker states it
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    summary: str
    file: ZooFile
    decoder: str
    labels: str | ZooFile | None
    licence: str
    home: str
    version: str
    created: datetime | None
    published: tuple[Metric, ...]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")

    networks: tuple[ZooNetwork, ...]


@cache
def zoo() -> dict[str, ZooNetwork]:
    """Every network that can be pulled, by name."""
    table = (files("sightline.model") / "zoo.json").read_bytes()
    return {entry.name: entry for entry in _Table.model_validate_json(table).networks}


def in_zoo(name: str) -> ZooNetwork | None:
    """The entry that a person means: `yolox_nano` and `YOLOX-nano` are one network."""
    return zoo().get(name.lower().replace("_", "-"))


def pulled(name: str) -> Path | None:
    """The package of a network that was pulled before, or was put there by hand."""
    entry = in_zoo(name)
    path = network_folder() / f"{entry.name if entry else name}.slm"
    return path if "/" not in name and path.is_file() else None
