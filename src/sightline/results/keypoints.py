"""What the keypoints of the usual networks are called."""

from __future__ import annotations

BODY = (
    *("nose", "left eye", "right eye", "left ear", "right ear"),
    *("left shoulder", "right shoulder", "left elbow", "right elbow", "left wrist", "right wrist"),
    *("left hip", "right hip", "left knee", "right knee", "left ankle", "right ankle"),
)  # COCO's seventeen; left and right are the person's own

FACE = ("right eye", "left eye", "nose", "right corner of the mouth", "left corner of the mouth")


def keypoint_names(count: int) -> tuple[str, ...]:
    """Names for so many keypoints an object: a body's, a face's, or numbers."""
    known = {len(names): names for names in (BODY, FACE)}
    return known.get(count) or tuple(f"point {i}" for i in range(count))
