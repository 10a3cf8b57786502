"""Copies: how well shared footage is found, and how surely it is not seen where there is none.

    python benchmarks/copies [--clips DIR] [--work DIR] [--make-only] [--sealed] [--share 1.0] [--minutes M]

Makes queries with a known truth from real clips and from drawn footage, each group in one of two halves.
"""

import argparse
import json
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.copies import queries, sources
from benchmarks.copies.work import drained, shared_out

REAL_CLIPS = Path(__file__).resolve().parents[3] / "shared" / "data" / "clips"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clips", type=Path, default=REAL_CLIPS, help="folder of the test clips")
    parser.add_argument("--work", type=Path, default=Path("build/benchmark-copies"))
    parser.add_argument("--sealed", action="store_true", help="score the sealed half; the record says so")
    parser.add_argument("--share", type=float, default=1.0, help="which share of the queries to use")
    parser.add_argument("--minutes", type=float, default=1e6, help="begin no further query after so long")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--make-only", action="store_true", help="make the queries and stop")
    parser.add_argument("--split-only", action="store_true", help="write split.json and stop")
    options = parser.parse_args()
    deadline = time.monotonic() + options.minutes * 60
    listed = sources.all_sources(options.clips)
    record = sources.split_record(listed, options.clips)
    if options.split_only:
        sources.SPLIT.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        return
    if json.loads(sources.SPLIT.read_text(encoding="utf-8"))["sha256"] != record["sha256"]:
        sys.exit("the sources are not those of split.json: the halves would not be the ones written down")
    for folder in ("films", "queries"):
        (options.work / folder).mkdir(parents=True, exist_ok=True)
    half = "sealed" if options.sealed else "tuning"
    half_of = sources.halves(listed)
    needed = [source for source in listed if source.gallery or half_of[source.group] == half]
    films = partial(sources.prepare, clips=options.clips, work=options.work)
    drained(shared_out(films, needed, options.processes, queries.ready, "films", deadline))
    audible = sources.audible(listed, options.clips)
    planned = [entry for entry in queries.plan(listed, audible) if entry.half == half]
    planned = planned[: max(1, round(len(planned) * options.share))]
    make = partial(queries.make, clips=options.clips, work=options.work)
    drained(shared_out(make, planned, options.processes, queries.ready, "queries", deadline))


if __name__ == "__main__":
    main()
