"""Pictures: what sources yield and sensors read. Never imported by anything that stores or sends."""

from sightline.picture.frame import Frame, Picture

__all__ = ["Frame", "Picture"]
