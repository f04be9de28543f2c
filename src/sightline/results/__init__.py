"""What stages hand to each other: values made of arrays, one row an object."""

from sightline.results.detections import Detections

__all__ = ["Detections"]
