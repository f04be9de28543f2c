"""Read what a camera wrote, in any of its forms: python read_metadata.py RECORDING"""

import sys

from sightline.wire.formats.open import open_reader

reader = open_reader(sys.argv[1])
for time_ns, seen in reader.frames():
    print(f"{time_ns / 1e9:7.2f} s  {len(seen)} objects  {sorted(seen.labels.tolist())}")
