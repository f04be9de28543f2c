"""Recorded tracks through analytics, as fast as they can be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from sightline.analytics.asking import ask
from sightline.analytics.base import Analytic
from sightline.analytics.place import Wanted, label_name
from sightline.results import Detections
from sightline.wire.messages import Event


class Replay:
    """Feeds a recording to analytics, and counts its pictures and objects.

    labels   class names, which may grow while the recording is read
    classes  objects of other classes are left out (empty: all)
    """

    def __init__(
        self, analytics: Sequence[Analytic], labels: Sequence[str], classes: tuple[str, ...] = ()
    ) -> None:
        self.frames = 0
        self._analytics = analytics
        self._labels = labels
        self._wanted = Wanted("classes", classes, labels)
        self._seen: defaultdict[int, set[int]] = defaultdict(set)

    def run(self, rows: Iterable[tuple[int, Detections]]) -> Iterator[Sequence[Event]]:
        """The events of each picture, and at the end what was decided then.

        rows  time in nanoseconds and tracks, picture by picture
        """
        for time_ns, tracks in rows:
            self.frames += 1
            kept = self._wanted.rows(tracks.labels)
            mine = tracks if kept is None else tracks[kept]
            self._count(mine)
            yield ask(self._analytics, mine, time_ns)
        yield [event for one in self._analytics for event in one.finish()]

    def tracks(self) -> dict[str, int]:
        """Unique objects by class name."""
        named = {label_name(self._labels, at): len(ids) for at, ids in self._seen.items()}
        return dict(sorted(named.items()))

    def _count(self, tracks: Detections) -> None:
        assert tracks.track_ids is not None
        for label in np.unique(tracks.labels).tolist():
            self._seen[label].update(tracks.track_ids[tracks.labels == label].tolist())
