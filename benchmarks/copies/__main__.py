"""Copies: how well shared footage is found, and how surely it is not seen where there is none. One command:

    python benchmarks/copies [--clips DIR] [--work DIR] [--sealed] [--share 0.3] [--minutes M] [--out FILE]

Queries with a known truth are made from real clips and from drawn footage; the groups of sources are split
into halves, written down in split.json. Every query is searched in the whole gallery, and the scores are
pooled over all pairs. Only the tuning half is scored unless --sealed is given. Everything is kept in the
work folder, by version of the code, so that a run that was stopped goes on.
"""

import argparse
import hashlib
import json
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.copies import engine, peers, queries, report, sources, speed
from benchmarks.copies.pairs import Scores
from benchmarks.copies.queries import Planned, Query
from benchmarks.copies.sources import Source, gallery_path
from benchmarks.copies.work import drained, shared_out

SEALED_RUNS = Path(__file__).with_name("sealed_runs.jsonl")
"""Every scoring of the sealed half leaves a line here, to be committed: it is to be scored once a release."""
REAL_CLIPS = Path(__file__).resolve().parents[3] / "shared" / "data" / "clips"


@dataclass(frozen=True)
class Run:
    """What one run works on."""

    clips: Path
    work: Path
    half: str
    processes: int
    minutes: float
    listed: list[Source]
    earlier: str
    model: Path | None

    @property
    def gallery(self) -> list[Source]:
        """The films that are searched: of both halves, so that it is no smaller than it can be."""
        return [source for source in self.listed if source.gallery]


def make_films(run: Run) -> None:
    """Draw what is not there yet of the gallery and of this half's negatives."""
    half_of = sources.halves(run.listed)
    needed = [source for source in run.listed if source.gallery or half_of[source.group] == run.half]
    films = partial(sources.prepare, clips=run.clips, work=run.work)
    drained(shared_out(films, needed, run.processes, queries.ready, "films"))


def make_queries(run: Run, share: float) -> list[Planned]:
    """Make this half's queries, or a share of them: the order makes any part a fair sample."""
    plan = queries.plan(run.listed, sources.audible(run.listed, run.clips))
    planned = [entry for entry in plan if entry.half == run.half]
    planned = planned[: max(1, round(len(planned) * share))]
    make = partial(queries.make, clips=run.clips, work=run.work)
    drained(shared_out(make, planned, run.processes, queries.ready, "queries"))
    return planned


def query_path(run: Run, name: str) -> Path:
    """The file of a query."""
    folder = run.work / "queries"
    return next(path for path in (folder / f"{name}.mp4", folder / f"{name}.mkv") if path.exists())


def answers_of(run: Run, made: Sequence[Query]) -> dict[str, dict[str, Any]]:
    """What the engine says of each query, as far as time allows."""
    reading, searching = engine.versions(run.gallery, run.model)
    fingerprints = run.work / "fingerprints" / reading
    answers = run.work / "answers" / (run.earlier or searching)
    found = {query.name: engine.kept_answer(answers, query.name) for query in made}
    missing = [query_path(run, name) for name, said in found.items() if said is None]
    # Nothing can be added to what another version answered.
    deadline = time.monotonic() + (0 if run.earlier else run.minutes * 60)
    if missing:
        ready = partial(engine.sandboxed, fingerprints, run.model)
        read = partial(engine.read_gallery, clips=run.clips, work=run.work)
        drained(shared_out(read, run.gallery, run.processes, ready, "gallery", deadline))
    begin = partial(engine.searching, run.gallery, fingerprints, run.model, answers, run.clips, run.work)
    for said in shared_out(engine.answer, missing, run.processes, begin, "searches", deadline):
        found[said["query"]] = said
    return {name: said for name, said in found.items() if said is not None}


def cpu_of(run: Run, answers: dict[str, dict[str, Any]]) -> float:
    """CPU seconds that the engine spent on reading all files, decoding included, and on all searches."""
    reading, _ = engine.versions(run.gallery, run.model)
    gallery = sum(
        engine.cost_of(run.work / "fingerprints" / reading, f"gallery-{each.name}") for each in run.gallery
    )
    return gallery + sum(said.get("reading", 0.0) + said.get("searching", 0.0) for said in answers.values())


def peers_of(run: Run, made: Sequence[Query]) -> dict[str, Any]:
    """Every peer's figures on the same queries."""
    films = [(gallery_path(source, run.clips, run.work), f"gallery-{source.name}") for source in run.gallery]
    films += [(query_path(run, query.name), query.name) for query in made]
    describe = partial(peers.described, kept=run.work / "peers")
    names = [name for _, name in films]
    told = dict(shared_out(describe, films, run.processes, queries.ready, "peers"))
    found: dict[str, Any] = {}
    for peer in peers.peers():
        if peer.missing:
            found[peer.name] = {"left out": peer.missing}
            continue
        scores: Scores = {
            query.name: {
                source.name: peer.score(
                    told[query.name][peer.name][0], told[f"gallery-{source.name}"][peer.name][0]
                )
                for source in run.gallery
            }
            for query in made
        }
        found[peer.name] = report.peer_figures(made, run.gallery, scores, peer.modality)
        found[peer.name]["CPU s, all files"] = sum(told[name][peer.name][1] for name in names)
    return found


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clips", type=Path, default=REAL_CLIPS, help="folder of the test clips")
    parser.add_argument("--work", type=Path, default=Path("build/benchmark-copies"))
    parser.add_argument("--sealed", action="store_true", help="score the sealed half; the record says so")
    parser.add_argument("--share", type=float, default=1.0, help="which share of the queries to use")
    parser.add_argument("--minutes", type=float, default=1e6, help="begin no further search after so long")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--make-only", action="store_true", help="make the queries and stop")
    parser.add_argument("--split-only", action="store_true", help="write split.json and stop")
    parser.add_argument("--no-peers", action="store_true", help="score this engine alone")
    parser.add_argument("--no-speed", action="store_true", help="do not time this engine beside vpdq")
    parser.add_argument("--only", default="", help="only kinds of attack whose name has this in it")
    parser.add_argument(
        "--answers", default="", help="figures of what an earlier version answered: its folder's name"
    )
    parser.add_argument("--model", type=Path, help="a picture descriptor's .onnx file or folder")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def prepared(options: argparse.Namespace) -> Run:
    """Hold the sources against the written split and make the folders."""
    listed = sources.all_sources(options.clips)
    record = sources.split_record(listed, options.clips)
    if options.split_only:
        sources.SPLIT.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    if json.loads(sources.SPLIT.read_text(encoding="utf-8"))["sha256"] != record["sha256"]:
        sys.exit("the sources are not those of split.json: the halves would not be the ones written down")
    for folder in ("films", "queries"):
        (options.work / folder).mkdir(parents=True, exist_ok=True)
    half = "sealed" if options.sealed else "tuning"
    return Run(
        options.clips,
        options.work,
        half,
        options.processes,
        options.minutes,
        listed,
        options.answers,
        options.model,
    )


def main() -> None:
    # Asked to end, it ends its workers too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = arguments()
    run = prepared(options)
    if options.split_only:
        return
    make_films(run)
    planned = make_queries(run, options.share)
    if options.make_only:
        return
    truths = [run.work / "queries" / f"{entry.name}.json" for entry in planned]
    made = [Query.load(truth) for truth in truths if truth.exists()]
    made = [query for query in made if options.only in query.kind]
    answers = answers_of(run, made)
    answered = [query for query in made if query.name in answers]
    result: dict[str, Any] = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "half": run.half,
        "sealed half scored": options.sealed,
        "split": json.loads(sources.SPLIT.read_text(encoding="utf-8"))["sha256"],
        "queries": hashlib.sha256("\n".join(sorted(q.name for q in answered)).encode()).hexdigest(),
        "engine": dict(
            zip(("fingerprints", "answers"), engine.versions(run.gallery, run.model), strict=True)
        ),
        "answers of an earlier version": options.answers,
        "model": options.model.name if options.model else "",
        "planned": len(planned),
        "ours": report.figures(answered, run.gallery, answers),
        "CPU s, all files and searches": cpu_of(run, answers),
        "peers": {} if options.no_peers else peers_of(run, answered),
    }
    clips = [gallery_path(source, run.clips, run.work) for source in run.gallery if source.real]
    if options.sealed:
        with SEALED_RUNS.open("a", encoding="utf-8") as record:
            told = {key: result[key] for key in ("made", "split", "queries", "engine", "planned")}
            record.write(json.dumps({**told, "answered": len(answered)}) + "\n")
    result["speed"] = {} if options.no_speed else speed.beside_vpdq(clips)
    print(report.table(result))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
