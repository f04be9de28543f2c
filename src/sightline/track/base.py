"""Detections to detections with identities."""

from __future__ import annotations

from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from sightline.results import Detections

TABLE = {
    "sightline": "sightline.track.tracker:Tracker",
    "apart": "sightline.track.apart:Apart",
    "given": "sightline.track.given:GivenTracks",
}


class TrackConfig(BaseModel):
    """How detections of one picture are joined to those before.

    high_score  only detections from this score on begin a track
    low_score   weaker ones, down to this score, may keep a track going
    min_hits    a track is confirmed, gets its id and is put out after this many detections
    max_age_s   a track that nobody has seen for longer ends; who comes back gets a new id
    coast_s     for so long a track that was surely seen and is hidden behind others is still put
                out where it is expected to be, in the open for less (0: only what was detected)
    delay_s     tracks are put out this much later, with gaps filled, pieces of one object
                joined and chance tracks left out (0: at once, as they are)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    high_score: float = Field(default=0.6, gt=0, le=1)
    low_score: float = Field(default=0.1, gt=0, le=1)
    min_hits: int = Field(default=2, ge=1)
    max_age_s: float = Field(default=2.0, gt=0)
    coast_s: float = Field(default=1.5, ge=0)
    delay_s: float = Field(default=0.0, ge=0)


class Tracker(Protocol):
    """Time is an argument; nothing else is remembered but the tracks."""

    def update(self, detections: Detections, time_ns: int) -> Detections:
        """The boxes of confirmed tracks at `time_ns`, with `track_ids`, oldest track first.

        Score 0 means that the track is expected there but was not seen.
        """
        ...
