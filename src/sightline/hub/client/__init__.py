"""A hub from Python.

from sightline.hub.client import Client

with Client("http://127.0.0.1:8600", token) as hub:
    for camera in hub.cameras("site=oslo and not state=offline"):
        print(camera["name"], camera["state"])
    for event in hub.events(kind="line.crossed", begin="-1h"):
        print(event.time_ns, event.name, event.data["direction"])
"""

from sightline.hub.client.client import Client
from sightline.hub.client.errors import HubAway, HubRefused

__all__ = ["Client", "HubAway", "HubRefused"]
