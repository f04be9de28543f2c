"""A rule of your own on what a camera sees: python your_own_rule.py VIDEO NETWORK"""

import sys

from sightline import Camera

LARGE = 0.05  # of the picture's area

for readout in Camera(sys.argv[1], sys.argv[2]).run():
    x1, y1, x2, y2 = readout.detections.boxes.T
    near = readout.detections[(x2 - x1) * (y2 - y1) > LARGE]
    if len(near):
        names = [readout.labels[label] for label in near.labels]
        print(f"picture {readout.sequence}: close to the camera: {', '.join(names)}")
