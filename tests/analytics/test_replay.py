from collections.abc import Callable
from typing import Any

import pytest

from sightline.analytics.line import Line, LineConfig
from sightline.analytics.replay import Replay
from sightline.errors import ConfigError
from sightline.results.stretch import stretches

Make = Callable[..., Any]


def door() -> Line:
    return Line(LineConfig(name="door", points=((0.5, 1), (0.5, 0))), ["person", "car"])


def test_pictures_objects_and_events(film: Make, path: Make) -> None:
    walk = {1: path((0, 0.2, 0.6), (6, 0.8, 0.6)), 2: path((1, 0.1, 0.2), (2, 0.2, 0.2))}
    replay = Replay([door()], ["person", "car"])
    events = [event for batch in replay.run(stretches(film(walk, 6))) for event in batch]
    assert [event.kind for event in events] == ["line.crossed"]
    assert replay.frames == 181
    assert replay.tracks() == {"person": 2}


def test_other_classes_are_left_out(tracks: Make) -> None:
    rows = [(n * 10**8, tracks({1: (0.2 + n * 0.05, 0.6)}, label=1)) for n in range(12)]
    replay = Replay([door()], ["person", "car"], classes=("person",))
    assert [event for batch in replay.run(stretches(rows)) for event in batch] == []
    assert (replay.frames, replay.tracks()) == (12, {})


def test_names_that_come_while_it_is_read(tracks: Make) -> None:
    labels: list[str] = []
    replay = Replay([], labels, classes=("car",))

    def rows() -> Any:
        for number, name in enumerate(("person", "car")):
            labels.append(name)
            yield number, tracks({number + 1: (0.5, 0.5)}, label=number)

    for _ in replay.run(stretches(rows(), 1)):
        pass
    assert replay.tracks() == {"car": 1}


def test_a_class_without_a_name_goes_by_its_number(tracks: Make) -> None:
    replay = Replay([], ["person"])
    for _ in replay.run(stretches([(0, tracks({1: (0.5, 0.5)}, label=7))])):
        pass
    assert replay.tracks() == {"7": 1}


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(ConfigError, match="there is no class 'persn' here, but person"):
        Replay([], ["person"], classes=("persn",))
