"""Pixels in: files, images, streams, cameras, rendered scenes."""

from sightline.source.base import Source, SourceConfig, SourceCounters, SourceInfo
from sightline.source.open import open_source
from sightline.source.uri import redact

__all__ = [
    "Source",
    "SourceConfig",
    "SourceCounters",
    "SourceInfo",
    "open_source",
    "redact",
]
