"""`sightline schema`: the published JSON Schemas."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class What(StrEnum):
    """The two things that have a schema."""

    config = "config"
    metadata = "metadata"


def schema(
    what: Annotated[
        What | None, typer.Argument(help="One of the two; without it, both in one object.")
    ] = None,
) -> None:
    """Print the JSON Schemas of camera configuration and metadata."""
    import json

    from sightline.twin.config import CameraConfig
    from sightline.wire.schema import metadata_schema

    schemas = {
        What.config: CameraConfig.model_json_schema,
        What.metadata: metadata_schema,
    }
    chosen = schemas[what]() if what else {name.value: make() for name, make in schemas.items()}
    typer.echo(json.dumps(chosen, indent=2))
