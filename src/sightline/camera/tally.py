"""What a run adds up to: stage times, unique tracks, counts."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

from sightline.camera.readout import Readout

STAGES = ("decode", "probe", "preprocess", "network", "postprocess", "track", "analytics", "output")


class Tally:
    """Grows with every picture; read at any time by whoever shows progress."""

    def __init__(self) -> None:
        self.captures = 0
        self.frames = 0
        self.spent_ns = dict.fromkeys(STAGES, 0)
        self._label_of: dict[int, str] = {}
        self._pictures_with: Counter[str] = Counter()
        self._begun = self._ended = 0.0

    def begin(self) -> None:
        """Start the clock."""
        self._begun, self._ended = perf_counter(), 0.0

    def spent(self, **stages_ns: int) -> None:
        """Add what one capture cost, in nanoseconds by stage."""
        self.captures += 1
        for stage, nanoseconds in stages_ns.items():
            self.spent_ns[stage] += nanoseconds

    def saw(self, readout: Readout) -> None:
        """Count a readout and what is new in it, or what it shows where nothing is followed."""
        if readout.sequence is None:
            return
        self.frames += 1
        seen = readout.detections
        if seen.track_ids is None:
            self._pictures_with.update({readout.labels[n] for n in seen.labels.tolist()})
            return
        tracks = seen.track_ids.tolist()
        if not self._label_of.keys() >= set(tracks):
            for track, label in zip(tracks, seen.labels.tolist(), strict=True):
                self._label_of.setdefault(track, readout.labels[label])

    def wrote(self, nanoseconds: int) -> None:
        """Add what writing one readout cost."""
        self.spent_ns["output"] += nanoseconds

    def end(self) -> None:
        """Stop the clock."""
        self._ended = perf_counter()

    @property
    def seconds(self) -> float:
        """Wall time of the run, so far or as a whole."""
        return (self._ended or perf_counter()) - self._begun if self._begun else 0.0

    def stages_ms(self) -> dict[str, float]:
        """Milliseconds a picture, by stage."""
        return {
            stage: round(nanoseconds / 1e6 / max(1, self.frames), 4)
            for stage, nanoseconds in self.spent_ns.items()
        }

    def unique_tracks(self) -> dict[str, int]:
        """How many objects of each class were followed."""
        return dict(sorted(Counter(self._label_of.values()).items()))

    def pictures_with(self) -> dict[str, int]:
        """In how many pictures each class was seen, of those in which nothing was followed."""
        return dict(sorted(self._pictures_with.items()))
