"""Only the policy decides which pixels leave a camera."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.camera.privacy import Privacy, Published
from sightline.picture.rgb import RgbPicture
from sightline.results import Detections
from sightline.twin.privacy import Policy, PrivacyConfig

LABELS = ("person", "car")
SIZE = (320, 180)


def noise(seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)


def one(box: tuple[float, float, float, float], label: int = 0) -> Detections:
    return Detections(
        np.array([box], np.float32), np.array([0.9], np.float32), np.array([label], np.int32)
    )


def publish(policy: Policy, rgb: NDArray[np.uint8], seen: Detections) -> NDArray[np.uint8]:
    privacy = Privacy(PrivacyConfig(policy=policy), LABELS)
    return privacy.publish(RgbPicture(rgb), seen, SIZE).rgb


def test_none_is_the_default_and_shows_nothing_of_the_picture() -> None:
    privacy = Privacy(PrivacyConfig(), LABELS)
    first = privacy.publish(RgbPicture(noise(1)), Detections.empty(), SIZE)
    second = privacy.publish(RgbPicture(noise(2)), Detections.empty(), SIZE)
    assert np.array_equal(first.rgb, second.rgb)
    assert first.policy == "none"
    assert privacy.released == 0


def test_full_is_the_picture_in_an_array_of_its_own() -> None:
    rgb = noise()
    shown = publish("full", rgb, Detections.empty())
    assert np.array_equal(shown, rgb)
    shown[:] = 0
    assert rgb.any()


def test_redacted_keeps_the_scene_and_coarsens_people() -> None:
    rgb = noise()
    shown = publish("redacted", rgb, one((0.25, 0.2, 0.5, 0.9)))
    inside = (slice(40, 160), slice(84, 156))
    assert np.array_equal(shown[:, 200:], rgb[:, 200:])
    assert shown[inside].std() < 0.2 * rgb[inside].std()
    assert len(np.unique(shown[inside].reshape(-1, 3), axis=0)) <= (_CELLS + 1) * 3 * (_CELLS + 1)


_CELLS = 8


def test_redacted_reaches_over_the_edges_of_the_box_and_of_the_picture() -> None:
    rgb = noise()
    shown = publish("redacted", rgb, one((-0.1, 0.5, 0.1, 1.2)))
    assert not np.array_equal(shown[100:, :33], rgb[100:, :33])
    assert np.array_equal(shown[:, 60:], rgb[:, 60:])


def test_redacted_leaves_other_classes_alone() -> None:
    rgb = noise()
    assert np.array_equal(publish("redacted", rgb, one((0.2, 0.2, 0.6, 0.6), label=1)), rgb)


def test_a_model_that_knows_no_person_hides_everything_it_sees() -> None:
    rgb = noise()
    privacy = Privacy(PrivacyConfig(policy="redacted"), ("widget",))
    shown = privacy.publish(RgbPicture(rgb), one((0.2, 0.2, 0.6, 0.6)), SIZE).rgb
    assert not np.array_equal(shown, rgb)


def test_roi_shows_the_named_boxes_and_nothing_else() -> None:
    rgb = np.full((SIZE[1], SIZE[0], 3), 200, np.uint8)
    shown = publish("roi", rgb, one((0.25, 0.25, 0.5, 0.5)))
    assert (shown[60:80, 90:150] == 200).all()
    assert (shown[:, 200:] == 24).all()


@pytest.mark.parametrize("policy", ["redacted", "roi", "full"])
def test_what_is_released_is_counted(policy: Policy) -> None:
    privacy = Privacy(PrivacyConfig(policy=policy), LABELS)
    for _ in range(3):
        privacy.publish(RgbPicture(noise()), one((0.1, 0.1, 0.4, 0.4)), SIZE)
    assert privacy.released == 3


def test_nobody_else_can_make_a_picture_publishable() -> None:
    with pytest.raises(TypeError, match="only Privacy"):
        Published(noise(), "full", object())
