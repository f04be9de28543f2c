"""Durations as people write them."""

from __future__ import annotations

import re

from sightline.errors import ConfigError

_UNITS = {"": 1.0, "s": 1.0, "ms": 1e-3, "min": 60.0, "m": 60.0, "h": 3600.0}
_FORM = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)", re.ASCII)


def parse_duration(text: str) -> float:
    """Seconds of "2s", "500ms", "1.5", "2min", "1h". Raises ConfigError for anything else."""
    form = _FORM.fullmatch(text.strip().lower())
    if form is None or form[2] not in _UNITS:
        raise ConfigError(f"{text!r} is no duration; write one as 2s, 500ms, 1.5 or 2min")
    return float(form[1]) * _UNITS[form[2]]
