"""How many came in, how many went out: python count_at_the_door.py VIDEO NETWORK"""

import sys

from sightline import Camera

door = {"name": "door", "points": [[0.5, 0.0], [0.5, 1.0]]}
camera = Camera(sys.argv[1], sys.argv[2], lines=[door])

for readout in camera.run():
    for event in readout.events:
        if event.kind == "line.crossed":
            print(f"{event.seconds:7.1f} s  {event.label} {event.track}  {event.data['direction']}")

print(camera.counts()["lines"]["door"])
