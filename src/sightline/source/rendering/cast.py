"""The people of a world: how they come in, what they are called, and where they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import atan2

import numpy as np

from sightline.source.rendering.crowd import Crowd
from sightline.source.rendering.errands import Actor, Errand, Place, Stand, Walk
from sightline.source.rendering.motion import Wall
from sightline.source.rendering.wardrobe import Look, dress_up


class Cast:
    """A crowd whose members are numbered as they come."""

    def __init__(
        self,
        rng: np.random.Generator,
        walls: Sequence[Wall],
        acted: Callable[[Actor, Stand], bool] = lambda actor, stand: False,
        freed: Callable[[Stand], None] = lambda stand: None,
    ) -> None:
        self.rng = rng
        self.crowd = Crowd(list(walls), acted, freed)
        self._number = 0

    def join(
        self,
        place: Place,
        plan: list[Errand],
        look: Look | None = None,
        pace: float | None = None,
        group: int = -1,
    ) -> Actor:
        """Somebody appears at `place` and begins with the first of `plan`."""
        first = plan[0]
        heading = (
            atan2(first.place[1] - place[1], first.place[0] - place[0])
            if isinstance(first, Walk)
            else first.facing
        )
        usual = float(np.clip(self.rng.normal(1.2, 0.14), 0.85, 1.5))
        actor = Actor(
            number=self.number(),
            look=look or dress_up(self.rng),
            pace=usual if pace is None else pace,
            plan=plan,
            group=group,
        )
        self.crowd.add(actor, place, heading)
        if isinstance(first, Stand):
            self.crowd.halt(actor)
        return actor

    def number(self) -> int:
        """An identity that nobody has had."""
        self._number += 1
        return self._number

    def places(self) -> dict[int, tuple[float, float]]:
        """Where everybody stands now, by number."""
        held = zip(self.crowd.actors, self.crowd.places(), strict=True)
        return {actor.number: (x, y) for actor, (x, y) in held}
