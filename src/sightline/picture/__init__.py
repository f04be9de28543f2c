"""Pictures: what sources yield and sensors read. Nothing that stores or sends imports this."""

from sightline.picture.frame import Frame, Picture

__all__ = ["Frame", "Picture"]
