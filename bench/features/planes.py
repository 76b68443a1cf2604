"""Photos, small and in grey, as a stream for the benchmark `features` of crates/likeness, and some large ones as JPEG files.

    planes.py FOLDER... --large FOLDER

Every picture is written as one line, `width height`, and then width times height bytes. FOLDER/0.jpg to FOLDER/3.jpg are of 12 megapixels,
quality 92, 4:2:0, as telephones write them, and are not among the others. Needs Pillow.
"""

import argparse
import random
import sys
from pathlib import Path

from PIL import Image

Image.MAX_IMAGE_PIXELS = 200_000_000
LARGE = 4


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--large", type=Path, required=True)
    arguments = arguments.parse_args()
    arguments.large.mkdir(parents=True, exist_ok=True)
    # Faces_easy are crops of the photos beside them.
    paths = sorted(p for f in arguments.folders for p in f.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png") and "Faces_easy" not in p.parts)
    random.Random(1).shuffle(paths)
    large = 0
    for path in paths:
        try:
            with Image.open(path) as picture:
                if picture.width * picture.height < 40_000:
                    continue
                if large < LARGE and picture.format == "JPEG" and min(picture.width / 4, picture.height / 3) > 600:
                    width = min(picture.width, picture.height * 4 // 3)
                    left, top = (picture.width - width) // 2, (picture.height - width * 3 // 4) // 2
                    part = picture.convert("RGB").crop((left, top, left + width, top + width * 3 // 4)).resize((4000, 3000), Image.LANCZOS)
                    part.save(arguments.large / f"{large}.jpg", quality=92, subsampling="4:2:0")
                    large += 1
                    continue
                picture.draft("L", (1024, 1024))
                grey = picture.convert("L")
        except (OSError, ValueError, SyntaxError):
            continue
        grey.thumbnail((512, 512), Image.BOX)
        sys.stdout.buffer.write(f"{grey.width} {grey.height}\n".encode() + grey.tobytes())


main()
