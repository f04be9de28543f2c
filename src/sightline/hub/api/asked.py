"""What several routes are asked in the same way: by names, and of which cameras."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

Names = Annotated[list[str] | None, Query(max_length=100)]
Fleet = Annotated[
    str, Query(max_length=1000, description="A fleet query: of the cameras that it means.")
]
