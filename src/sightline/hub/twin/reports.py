"""What cameras say that they are, stored in the transaction that acknowledges it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy import Connection

from sightline.hub.ingest.feed import ReportedArrived
from sightline.hub.twin import twins


def keep_reports(connection: Connection, arrived: Sequence[ReportedArrived]) -> None:
    """The newest of each camera."""
    newest = {item.camera: item.reported for item in arrived}
    for camera, said in newest.items():
        twins.report(connection, camera, said, time.time_ns())
