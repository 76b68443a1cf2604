"""What others make of the same files, as JSON: PyPI pdqhash of photos, vpdq of videos, py-tlsh of texts.

    peers.py FILE...
"""

import json
import sys

import numpy
import pdqhash
import tlsh
import vpdq
from PIL import Image


def look(path):
    if path.endswith((".mp4", ".webm", ".mkv")):
        return {"frames": [{"hash": frame.hex, "time_ms": round(frame.timestamp * 1000)} for frame in vpdq.computeHash(path, seconds_per_hash=1)]}
    if path.endswith(".txt"):
        with open(path, "rb") as file:
            return {"tlsh": tlsh.hash(file.read())}
    with Image.open(path) as picture:
        bits, quality = pdqhash.compute(numpy.asarray(picture.convert("RGB")))
    return {"hash": f"{int(''.join(map(str, bits)), 2):064x}", "quality": quality}


print(json.dumps([look(path) for path in sys.argv[1:]]))
