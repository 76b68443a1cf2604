"""Prints what PyPI pdqhash makes of the pictures that tests/pdq.rs draws: the table that stands in that test.

pip install pdqhash==0.2.8 numpy; python3 pdqhash_table.py
"""

import numpy
import pdqhash

SIZES = [(5, 5), (5, 700), (34, 42), (64, 64), (100, 75), (513, 300), (640, 641), (1600, 1004)]


def draw(width, height):
    """Waves that get finer to the right and downwards, of another bend in each colour."""
    y, x, colour = numpy.meshgrid(range(height), range(width), range(3), indexing="ij")
    x, y = x * 256 // width, y * 256 // height
    return (((x * x * 3 + y * y * 5 + x * y * (colour + 1)) >> 7) & 255).astype(numpy.uint8)


def text(bits):
    return "%064x" % int("".join(map(str, bits)), 2)


for size in SIZES:
    picture = draw(*size)
    hashes, quality = pdqhash.compute_dihedral(picture)
    # Its order: as it is, turned counterclockwise by 90, 180 and 270, upside down, left to right, the two exchanges of the axes.
    as_is, left, half, right, upside, mirror, exchange, other = map(text, hashes)
    print(f"    ({size[0]}, {size[1]}, {quality}, [")
    for value in (as_is, right, half, left, mirror, other, upside, exchange):
        print(f'        "{value}",')
    print("    ]),")
