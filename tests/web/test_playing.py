"""When a frame is shown: as soon as frames come evenly, and evenly where they come in bunches."""

from collections.abc import Callable
from typing import Any

import pytest

Script = Callable[..., Any]

# Frames at `fps` for ten seconds, each told `late(number)` ms after it was taken; what is shown
# is looked at with every frame of a screen of 60 Hz. The lateness of the last half, shown.
_PLAY = """(m, { fps, lates, ahead }) => {
  const player = new m.Player();
  const told = [];
  for (let n = 0; n < 10 * fps; n += 1) {
    const taken = 1e12 + (1000 * n) / fps;
    told.push([taken + lates[n % lates.length], taken + ahead]);
  }
  told.sort((a, b) => a[0] - b[0]);
  const shown = [];
  for (let now = 1e12; now < 1e12 + 11e3; now += 1000 / 60) {
    while (told.length && told[0][0] <= now) {
      const [came, taken] = told.shift();
      player.hear({ time_ns: 1e6 * taken, objects: [] }, came);
    }
    const before = player.memory.capturedMs;
    if (!player.step(now)) continue;
    const { capturedMs } = player.memory;
    shown.push([now - capturedMs, capturedMs - before]);
  }
  const last = shown.slice(shown.length / 2);
  return { ages: last.map(([age]) => age), steps: last.map(([, step]) => step) };
}"""


def play(script: Script, fps: int, lates: list[float], ahead: float = 0) -> Any:
    return script("canvas/player.js", _PLAY, {"fps": fps, "lates": lates, "ahead": ahead})


def test_frames_that_come_at_once_are_shown_at_once(script: Script) -> None:
    seen = play(script, 25, [40, 55, 48, 60, 45])
    assert max(seen["ages"]) < 60 + 2 * 17
    assert len(seen["ages"]) > 110


def test_frames_that_come_together_are_shown_at_the_pace_at_which_they_were_taken(
    script: Script,
) -> None:
    bunch = [1000 - 40 * n + 50 for n in range(25)]
    seen = play(script, 25, bunch)
    assert max(seen["ages"]) < 1150
    assert max(seen["steps"]) <= 120  # no leap of more than three frames
    assert len(seen["ages"]) > 100


def test_one_late_frame_delays_no_other(script: Script) -> None:
    seen = play(script, 10, [40] * 19 + [900])
    assert sorted(seen["ages"])[-5] < 100


@pytest.mark.parametrize("ahead", [-600_000, -3000, 3000, 600_000])
def test_a_camera_whose_clock_is_wrong_is_shown_all_the_same(script: Script, ahead: float) -> None:
    seen = play(script, 10, [40, 60], ahead)
    assert len(seen["ages"]) > 40
    assert max(abs(age + ahead) for age in seen["ages"]) < 100
