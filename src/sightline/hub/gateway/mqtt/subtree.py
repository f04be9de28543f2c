"""What a camera may say and hear: its own topics and nothing else."""

from __future__ import annotations

from sightline.wire import topics


def may_say(camera: str, topic: str) -> bool:
    """Whether this topic is one on which this camera speaks."""
    address = topics.parse(topic)
    return address is not None and address.camera == camera and address.direction == "up"


def may_hear(camera: str, filter: str) -> bool:
    """Whether everything that a filter selects is said to this camera."""
    return filter.startswith(f"{topics.ROOT}/{camera}/down/")


def selects(filter: str, topic: str) -> bool:
    """Whether a filter (MQTT 3.1.1, 4.7) selects a topic."""
    wanted, levels = filter.split("/"), topic.split("/")
    for place, want in enumerate(wanted):
        if want == "#":
            return True
        if place >= len(levels) or want not in ("+", levels[place]):
            return False
    return len(wanted) == len(levels)
