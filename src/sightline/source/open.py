"""From a URI to the source that reads it."""

from __future__ import annotations

from sightline.plugins import load
from sightline.source.base import TABLE, Source, SourceConfig
from sightline.source.uri import kind


def open_source(config: SourceConfig) -> Source:
    """The source for `config.uri`, not open yet: `with open_source(config) as source: ...`.

    Raises ConfigError for an address of no known kind. What the address leads to is looked
    at on entering: InputError for a file that is missing, empty or not what it claims to be,
    SourceError for a stream that cannot be reached.
    """
    source: Source = load("source", kind(config.uri), TABLE)(config)
    return source
