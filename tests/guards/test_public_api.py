"""What people build on: pinned, lazy, and small."""

import sightline

PUBLIC = {
    "Camera",
    "CameraConfig",
    "Detections",
    "Event",
    "Measure",
    "Readout",
    "SightlineError",
    "Summary",
    "__version__",
}


def test_the_root_offers_exactly_this() -> None:
    assert set(sightline.__all__) == PUBLIC
    assert len(sightline.__all__) <= 25


def test_every_name_loads_and_says_what_it_is() -> None:
    for name in PUBLIC - {"__version__"}:
        assert getattr(sightline, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(sightline, "Nothing")
