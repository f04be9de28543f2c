"""The published description of what Sightline writes: JSON Schema 2020-12."""

from __future__ import annotations

import inspect
import re
from typing import Any

import msgspec

from sightline.wire.messages import Event, FrameMetadata, Header, Mask, Measure, Object
from sightline.wire.summary import Summary

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LINES = (Header, FrameMetadata, Event, Measure)
_FIELD = re.compile(r"^    (\w+)  +(\S.*(?:\n {6,}\S.*)*)", re.MULTILINE)


def metadata_schema() -> dict[str, Any]:
    """JSON Schema of one line of JSON Lines metadata: one message, told apart by `type`.

    Fields that it does not name may come with later versions and are to be ignored.
    """
    references, definitions = _components(*_LINES)
    for kind in _LINES:
        definition = definitions[kind.__name__]
        definition["properties"]["type"] = {"const": definition["properties"]["type"]["default"]}
        definition["required"].insert(0, "type")
    return {
        "$schema": _DIALECT,
        "title": "Sightline metadata, one line",
        "oneOf": list(references),
        "$defs": definitions,
    }


def summary_schema() -> dict[str, Any]:
    """JSON Schema of the summary of a run."""
    _, definitions = _components(Summary)
    return {"$schema": _DIALECT, **definitions["Summary"]}


def _components(*kinds: type) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    references, definitions = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    for kind in (*kinds, Object, Mask):
        if kind.__name__ in definitions:
            _describe(definitions[kind.__name__], inspect.getdoc(kind) or "")
    return references, definitions


def _describe(definition: dict[str, Any], text: str) -> None:
    """Move what a docstring says of each field to that field."""
    definition["description"] = text.partition("\n\n")[0]
    block = "\n".join(f"    {line}" for line in text.splitlines())
    for field, words in _FIELD.findall(block):
        definition["properties"][field]["description"] = " ".join(words.split())
