"""Detections to detections with identities."""

from __future__ import annotations

from typing import Protocol

from pydantic import BaseModel, ConfigDict

from sightline.results import Detections

TABLE = {"sightline": "sightline.track.tracker:Tracker"}


class TrackConfig(BaseModel):
    """How detections of one picture are joined to those before."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Tracker(Protocol):
    """Time is an argument; nothing else is remembered but the tracks."""

    def update(self, detections: Detections, time_ns: int) -> Detections:
        """The detections that belong to a confirmed track, with `track_ids`."""
        ...
