"""A device twin of Azure IoT Hub as desired and reported state: merge patches, null deletes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from sightline.twin.merge import merged
from sightline.wire.control import Desired, Reported

_LARGEST = 30 * 1024  # of 32 KB, each half
_FIELDS = ("config", "model", "deployment", "shadow_s", "gate")


class Twin:
    """Pure. What is not ours in a twin is left alone."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._desired: dict[str, Any] = {}
        self._reported: dict[str, Any] = {}

    def begin(self, twin: dict[str, Any]) -> None:
        """The whole twin, as it is at the beginning of a connection."""
        self._desired = dict(twin.get("desired") or {})
        reported = dict(twin.get("reported") or {})
        self._reported = {key: value for key, value in reported.items() if key != "$version"}

    def patched(self, patch: dict[str, Any]) -> Desired | None:
        """Somebody changed what is desired."""
        self._desired = merged(self._desired, patch)
        return self.desired()

    def desired(self) -> Desired | None:
        """What is desired; None where nothing of it is for a camera, or it cannot be meant."""
        ours = {key: self._desired[key] for key in _FIELDS if key in self._desired}
        version = self._desired.get("$version")
        if not isinstance(ours.get("config"), dict) or not isinstance(version, int):
            return None
        try:
            return msgspec.convert({"version": version, **ours}, Desired)
        except msgspec.ValidationError:
            return None

    def reported_patch(self, said: Reported) -> dict[str, Any]:
        """What has to be said so that the twin says `said`; remembered as said."""
        wanted = _plain(said)
        if len(msgspec.json.encode(wanted)) > _LARGEST:
            short = replace(said, config={}, error=said.error or "the configuration is too large")
            wanted = _plain(short)
        patch = {
            key: value
            for key, value in difference(self._reported, wanted).items()
            if key in wanted  # what others report is theirs
        }
        self._reported = merged(self._reported, patch)
        return patch


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The merge patch that makes `after` of `before`."""
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            inner = difference(old, value)
            if inner:
                patch[key] = inner
        elif key not in before or old != value:
            patch[key] = value
    return patch


def _plain(said: Reported) -> dict[str, Any]:
    """Without null, which a twin cannot hold."""
    return {key: _kept(value) for key, value in msgspec.to_builtins(said).items()}


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _kept(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_kept(inner) for inner in value]
    return value
