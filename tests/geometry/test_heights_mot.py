"""Real streets whose cameras nobody measured: what people's heights say of them is plausible."""

from pathlib import Path

import numpy as np
import pytest

from sightline.geometry.ground import Ground
from sightline.geometry.heights import from_heights

SIZE = np.array([1920, 1080])


@pytest.mark.data
@pytest.mark.parametrize(
    ("sequence", "lowest", "highest"),
    [("MOT17-02", 1, 3), ("MOT17-04", 4, 10), ("MOT17-09", 0.7, 2)],
)
def test_cameras_hang_where_they_may_and_people_walk_as_people_do(
    data: Path, sequence: str, lowest: float, highest: float
) -> None:
    rows = np.loadtxt(data / "mot" / sequence / "gt" / "gt.txt", delimiter=",")
    rows = rows[(rows[:, 6] == 1) & (rows[:, 7] == 1) & (rows[:, 8] > 0.9)]
    corners = np.concatenate([rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6]], axis=1)
    people = len(np.unique(rows[:, 1]))
    camera = from_heights(corners / np.tile(SIZE, 2), 16 / 9, people=people)
    assert lowest < camera.height_m < highest
    ground = Ground(camera.picture, camera.floor)
    speeds: list[float] = []
    for number in np.unique(rows[:, 1]):
        own = rows[rows[:, 1] == number]
        feet = (own[:, 2:4] + own[:, 4:6] * [0.5, 1]) / SIZE
        floor = ground.to_floor(feet)
        walked = np.hypot(*(floor[30:] - floor[:-30]).T) / ((own[30:, 0] - own[:-30, 0]) / 30)
        speeds += walked[np.isfinite(walked)].tolist()
    walking = [mps for mps in speeds if mps > 0.5]
    assert 0.5 < np.median(walking) < 1.7
