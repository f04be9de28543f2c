"""Which pixels may leave a camera; `camera.privacy` is the door that keeps to it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Policy = Literal["none", "redacted", "roi", "full"]


class PrivacyConfig(BaseModel):
    """Which pixels may leave this camera, to a disk or a network.

    policy   none (only metadata), redacted, roi or full
    classes  what is blurred under "redacted", and what is shown under "roi"
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    policy: Policy = "none"
    classes: tuple[str, ...] = Field(default=("person",), min_length=1)
