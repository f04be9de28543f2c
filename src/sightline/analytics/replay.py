"""Recorded tracks through analytics, as fast as they can be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from sightline.analytics.base import Analytic
from sightline.analytics.place import Wanted, label_name
from sightline.analytics.skim import skim
from sightline.results import Detections
from sightline.results.stretch import Stretch
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

    def run(self, film: Iterable[Stretch]) -> Iterator[Sequence[Event]]:
        """The events of each picture, or of some where there are none, and at the end what was
        decided then.
        """
        for stretch in film:
            self.frames += len(stretch)
            kept = self._wanted.rows(stretch.objects.labels)
            mine = stretch if kept is None else stretch.only(kept)
            self._count(mine.objects)
            yield from skim(self._analytics, mine)
        yield [event for one in self._analytics for event in one.finish()]

    def tracks(self) -> dict[str, int]:
        """Unique objects by class name."""
        named = {label_name(self._labels, at): len(ids) for at, ids in self._seen.items()}
        return dict(sorted(named.items()))

    def _count(self, tracks: Detections) -> None:
        assert tracks.track_ids is not None
        for label in np.unique(tracks.labels).tolist():
            self._seen[label].update(tracks.track_ids[tracks.labels == label].tolist())
