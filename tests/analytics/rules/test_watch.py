"""Rules beside the analytics that they are about."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sightline.analytics.asking import ask
from sightline.errors import ConfigError
from sightline.results import Detections
from sightline.twin.config import parse_config
from sightline.twin.questions import counts, questions, restore, state_of

S = 10**9
ZONE = {"name": "yard", "polygon": [[0.2, 0], [0.8, 0], [0.8, 1], [0.2, 1]]}


def asked(*rules: str, **more: Any) -> Any:
    tree = {
        "source": "scene:", "zones": [ZONE],
        "rules": [
            {"name": f"r{i}", "when": when, "cool_down_s": 0} for i, when in enumerate(rules)
        ],
        **more,
    }  # fmt: skip
    return questions(parse_config(tree, "test"), ["person"], 1.0)


def somebody(x: float) -> Detections:
    box = np.array([[x - 0.05, 0.3, x + 0.05, 0.6]], np.float32)
    return Detections(box, np.ones(1, np.float32), np.zeros(1, np.int32), np.array([1]))


def walk(analytics: Any, first: int = 0, last: int = 40) -> list[tuple[str, str, float]]:
    """Somebody who crosses the yard, in at second 2 and out at second 8."""
    found = []
    for step in range(first, last):
        for event in ask(analytics, somebody(step * 0.025), step * S // 4):
            found.append((event.kind, event.name, event.time_ns / S))  # noqa: PERF401
    return found


def test_a_rule_is_raised_and_cleared_by_what_others_count() -> None:
    analytics = asked('count(zone="yard") > 0 for 2 s')
    alerts = [item for item in walk(analytics) if item[0].startswith("alert")]
    assert [kind for kind, _, _ in alerts] == ["alert.raised", "alert.cleared"]
    assert 4 <= alerts[0][2] <= 5
    assert counts(analytics)["rules"] == {"r0": {"raised": 1, "active": 0}}


def test_a_rule_hears_events_of_the_same_picture() -> None:
    analytics = asked('event("zone.entered", zone="yard")', 'event("zone.left", zone="yard")')
    found = walk(analytics)
    kinds = [(kind, name) for kind, name, _ in found]
    assert ("alert.raised", "r0") in kinds
    assert kinds.index(("alert.raised", "r0")) > kinds.index(("zone.entered", "yard"))
    assert ("alert.raised", "r1") in kinds


def test_a_restart_goes_on() -> None:
    rule = 'count(zone="yard") > 0 for 3 s'
    whole = walk(asked(rule))
    first = asked(rule)
    before = walk(first, 0, 20)
    second = asked(rule)
    restore(second, state_of(first), same_tracks=True)
    assert before + walk(second, 20, 40) == whole


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ('count(zone="yrd") > 0', "no zone 'yrd'; known: yard"),
        ('zone("yard").entry > 0', "there is no 'entry'"),
        ("time in lunch", "no schedule 'lunch'"),
        ('offline("x")', "no camera 'x'"),
        ('count(zone="yard") >', "ends too early"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_any_picture(when: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        asked(when)


def test_the_command_line_shows_where(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = tmp_path / "camera.yaml"
    path.write_text('rules: [{name: busy, when: "count(zone=\\"x\\") > 5"}]\n')
    code = "from sightline.cli import main; main()"
    command = [sys.executable, "-c", code, "analyze", "none.jsonl", "--config", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert 'count(zone="x") > 5\n               ^' in said.stderr
