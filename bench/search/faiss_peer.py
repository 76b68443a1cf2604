"""FAISS, driven line by line by crates/likeness/benches/search, so that both are measured by turns in one run.

python3 faiss_peer.py BANK QUERIES: two files of 32 bytes a hash. Each command is answered by one line:
  build KIND              seconds and MiB that building took (flat, multi)
  search KIND FROM TO     for each query from FROM to TO: microseconds of work:answers; those that it comes to within some seconds
  batch KIND FROM TO N    seconds for all of them at once on N threads
  ready now               answers when both files are read
"""

import sys
import time

import faiss
import numpy

RADIUS = 32  # FAISS finds what is nearer than this.
PATIENCE = 10  # On some banks it takes seconds for a query.


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096 / 2**20


def made(kind):
    if kind == "flat":
        return faiss.IndexBinaryFlat(256)
    index = faiss.IndexBinaryMultiHash(256, 16, 16)
    index.nflip = 1  # 31 // 16: what recall 1.0 needs.
    return index


bank = numpy.fromfile(sys.argv[1], dtype=numpy.uint8).reshape(-1, 32)
queries = numpy.fromfile(sys.argv[2], dtype=numpy.uint8).reshape(-1, 32)
indexes = {}
faiss.omp_set_num_threads(1)
for line in sys.stdin:
    command, kind, *numbers = line.split()
    numbers = [int(number) for number in numbers]
    if command == "build":
        before, begun = resident(), time.perf_counter()
        indexes[kind] = made(kind)
        indexes[kind].add(bank)
        answer = f"{time.perf_counter() - begun} {resident() - before}"
    elif command == "search":
        taken, until = [], time.monotonic() + PATIENCE
        for query in range(*numbers):
            if taken and time.monotonic() > until:
                break
            # Of this thread alone: see `worked` on the other side.
            begun = time.thread_time_ns()
            _, _, ids = indexes[kind].range_search(queries[query : query + 1], RADIUS)
            taken.append(f"{(time.thread_time_ns() - begun) / 1e3:.2f}:{len(ids)}")
        answer = " ".join(taken)
    elif command == "batch":
        faiss.omp_set_num_threads(numbers[2])
        begun = time.perf_counter()
        indexes[kind].range_search(queries[numbers[0] : numbers[1]], RADIUS)
        answer = str(time.perf_counter() - begun)
        faiss.omp_set_num_threads(1)
    elif command == "ready":
        answer = kind
    else:
        sys.exit(f"there is no command {command}")
    print(answer, flush=True)
