"""Prints what PyPI py-tlsh makes of the texts that tests/text.rs makes: the table that stands in that test.

pip install py-tlsh==5.0.0; python3 tlsh_table.py
"""

import tlsh

WORDS = ["kite", "harbour", "wind", "Żółw", "طائرة", "风筝", "string", "red", "over", "the"]


def text(seed, many):
    """Words picked by a line of numbers, the same ones that the test picks."""
    picked, state = [], seed
    for _ in range(many):
        state = (state * 1103515245 + 12345) % 2147483648
        picked.append(WORDS[state // 65536 % len(WORDS)])
    return " ".join(picked)


SHAPES = [(1, 3), (1, 12), (2, 12), (3, 40), (3, 41), (4, 400), (5, 4000), (6, 60000)]
hashes = [tlsh.hash(text(*shape).encode()) for shape in SHAPES]
for shape, digits in zip(SHAPES, hashes):
    distances = [tlsh.diffxlen(digits, other) if "TNULL" not in (digits, other) else 0 for other in hashes]
    print(f'    ({shape[0]}, {shape[1]}, "{digits}", {distances}),')
