# Solves a challenge that stands on standard input, with the library of those who made the format, and writes what the header holds.
import json
import sys

from altcha import v2

challenge = v2.Challenge.from_dict(json.load(sys.stdin))
solution = v2.solve_challenge(challenge)
print(v2.Payload(challenge, solution).to_base64())
