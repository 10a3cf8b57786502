"""The figures of one run: ours in full, the peers' beside them, as JSON and as a table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.copies.kinds import KINDS
from benchmarks.copies.metrics import offset_errors, overlap
from benchmarks.copies.pairs import Pair, Scored, Scores, pairs_of
from benchmarks.copies.queries import LONG_ENOUGH, Query
from benchmarks.copies.sources import Source
from benchmarks.copies.truth import COPY, HARD, UNRELATED, Modality, spans_of

SHIPPED = 0.5
Answers = Mapping[str, dict[str, Any]]


def _relation(answers: Answers, pair: Pair, modality: Modality) -> dict[str, Any] | None:
    return answers[pair.query.name][modality].get(pair.reference.name)


def scores_of(answers: Answers, modality: Modality) -> Scores:
    """The engine's scores, as the peers' are kept."""
    return {
        query: {name: float(relation["score"]) for name, relation in said[modality].items()}
        for query, said in answers.items()
    }


def merges(pairs: Sequence[Pair], answers: Answers) -> dict[str, Any]:
    """Of pairs that share no frame: how many are called the same footage, and what the others are called."""
    found: dict[str, dict[str, Any]] = {}
    for truth in (*HARD, UNRELATED):
        outcomes: dict[str, int] = defaultdict(int)
        wrong: list[tuple[str, str, float]] = []
        mine = [pair for pair in pairs if pair.truth == truth]
        for pair in mine:
            relation = _relation(answers, pair, "picture")
            outcome = "nothing" if relation is None else str(relation["outcome"])
            outcomes[outcome] += 1
            if relation is not None and outcome == "same_footage":
                wrong.append((pair.query.name, pair.reference.name, relation["score"]))
        count = max(1, len(mine))
        found[truth] = {
            "pairs": len(mine),
            "false merges": len(wrong),
            "share merged": len(wrong) / count,
            "share called same scene": outcomes.get("same_scene", 0) / count,
            "outcomes": dict(outcomes),
            "merged": sorted(wrong, key=lambda entry: -entry[2])[:40],
        }
    hard = [found[truth] for truth in HARD]
    count = max(1, sum(entry["pairs"] for entry in hard))
    found["same scene, all"] = {
        "pairs": sum(entry["pairs"] for entry in hard),
        "false merges": sum(entry["false merges"] for entry in hard),
        "share merged": sum(entry["false merges"] for entry in hard) / count,
        "share called same scene": sum(e["share called same scene"] * e["pairs"] for e in hard) / count,
    }
    return found


def places(pairs: Sequence[Pair], answers: Answers, modality: Modality) -> dict[str, Any]:
    """How well the found stretches lie on the true ones, of copies that reach the shipped threshold."""
    ious: dict[str, list[tuple[float, float]]] = defaultdict(list)
    errors: dict[str, list[float]] = defaultdict(list)
    for pair in pairs:
        true = spans_of(pair.query, pair.reference, modality) if pair.truth == COPY else ()
        relation = _relation(answers, pair, modality)
        if not true or relation is None or relation["score"] < SHIPPED or not relation["segments"]:
            continue
        segments = [(tuple(mine), tuple(other)) for mine, other in relation["segments"]]
        query = overlap([mine for mine, _ in segments], [span.query for span in true])
        reference = overlap([other for _, other in segments], [span.reference for span in true])
        ious[pair.query.kind].append((query, reference))
        errors[pair.query.kind] += offset_errors(segments, [(span.query, span.reference) for span in true])
    chosen = {"all": list(ious), "cut": ["cut"], "insert": ["insert"], "cut and insert": ["cut", "insert"]}
    found: dict[str, Any] = {}
    for name, kinds in chosen.items():
        values = np.array([value for kind in kinds for value in ious.get(kind, [])]).reshape(-1, 2)
        offsets = np.array([value for kind in kinds for value in errors.get(kind, [])])
        found[name] = {
            "found pairs": len(values),
            "IoU in the query, mean": float(values[:, 0].mean()) if len(values) else None,
            "IoU in the reference, mean": float(values[:, 1].mean()) if len(values) else None,
            "offset error, median s": float(np.median(offsets)) if len(offsets) else None,
            "offset error, 95th percentile s": float(np.percentile(offsets, 95)) if len(offsets) else None,
            "offsets within 0.1 s": float((offsets <= 0.1).mean()) if len(offsets) else None,
        }
    found["IoU per kind (query, reference)"] = {
        kind: [round(float(np.mean([v[axis] for v in values])), 3) for axis in (0, 1)]
        for kind, values in sorted(ious.items())
    }
    return found


def sound_alone(scored: Scored) -> dict[str, Any]:
    """Original sound under another picture, of queries long enough; all other pairs are negatives."""

    def wanted(pair: Pair) -> bool:
        only = pair.query.kind.startswith("sound only")
        return pair.truth != COPY or (only and pair.query.seconds >= LONG_ENOUGH - 0.05)

    def plain(pair: Pair) -> bool:
        return wanted(pair) and (pair.truth != COPY or pair.query.kind == "sound only")

    found: dict[str, Any] = {}
    for name, test in (("as it was", plain), ("changed too: speed, noise, a voice over it", wanted)):
        part = scored.only(test)
        found[name] = {
            "queries": int(part.positive.sum()),
            "recall at precision 0.99": part.curve.recall_at(0.99),
            "recall at the shipped threshold": _recall(part),
        }
    return found


def _recall(scored: Scored) -> float:
    hits = scored.scores[scored.positive] >= SHIPPED
    return float(hits.mean()) if len(hits) else 0.0


def figures(queries: Sequence[Query], gallery: Sequence[Source], answers: Answers) -> dict[str, Any]:
    """Everything about the engine."""
    found: dict[str, Any] = {"queries": len(queries), "gallery": len(gallery)}
    for modality in ("picture", "sound"):
        of = modality
        pairs = pairs_of(queries, gallery, of)
        scored = Scored.of(pairs, scores_of(answers, of))
        head = scored.headline()
        found[modality] = {
            **head,
            "intervals of 95 %, over groups of sources": scored.intervals(),
            "recall at the shipped threshold": _recall(scored),
            "without one scene's pairs": scored.without_hard().headline(),
            "recall per kind at the threshold of precision 0.95": scored.recall_per_kind(
                head["threshold of precision 0.95"]
            ),
            "recall per kind at the shipped threshold": scored.recall_per_kind(SHIPPED),
            "places": places(pairs, answers, of),
        }
        found[modality]["lowest copies"], found[modality]["highest others"] = _worst(scored)
        if of == "picture":
            found["merges"] = merges(pairs, answers)
        else:
            found["sound alone"] = sound_alone(scored)
    found["cost"] = _cost(queries, answers)
    refused = [query.name for query in queries if "refused" in answers[query.name]]
    found["refused"] = refused
    return found


def _worst(scored: Scored, most: int = 60) -> tuple[list[list[Any]], list[list[Any]]]:
    """What is worth looking at: the copies that score least, and what scores most without being one."""
    told: list[list[Any]] = []
    for number in np.argsort(scored.scores, kind="stable"):
        pair, score = scored.pairs[int(number)], float(scored.scores[number])
        told.append([pair.query.name, pair.reference.name, pair.truth, round(score, 3)])
    copies = [entry for entry in told if entry[2] == COPY]
    others = [entry for entry in reversed(told) if entry[2] != COPY and entry[3] > 0]
    return copies[:most], others[:most]


def _cost(queries: Sequence[Query], answers: Answers) -> dict[str, float]:
    said = [(query, answers[query.name]) for query in queries if "reading" in answers[query.name]]
    seconds = sum(query.seconds for query, _ in said)
    return {
        "fingerprint, CPU s a second of film": sum(entry["reading"] for _, entry in said)
        / max(1e-9, seconds),
        "search, CPU s a query, median": float(np.median([entry["searching"] for _, entry in said] or [0.0])),
        "bytes a second of film, picture": sum(entry["bytes"][0] for _, entry in said) / max(1e-9, seconds),
        "bytes a second of film, sound": sum(entry["bytes"][1] for _, entry in said) / max(1e-9, seconds),
    }


def peer_figures(
    queries: Sequence[Query], gallery: Sequence[Source], scores: Scores, modality: Modality
) -> dict[str, Any]:
    """The same of a peer, which knows neither a shipped threshold of ours nor outcomes."""
    scored = Scored.of(pairs_of(queries, gallery, modality), scores)
    head = scored.headline()
    found: dict[str, Any] = {
        **head,
        "modality": modality,
        "intervals of 95 %, over groups of sources": scored.intervals(),
        "without one scene's pairs": scored.without_hard().headline(),
        "recall per kind at the threshold of precision 0.95": scored.recall_per_kind(
            head["threshold of precision 0.95"]
        ),
    }
    if modality == "sound":
        found["sound alone"] = sound_alone(scored)
    return found


_HEAD = ("muAP", "recall at precision 1", "recall at precision 0.99", "recall at precision 0.95")


def _row(name: str, values: Mapping[str, Any]) -> str:
    easy = values["without one scene's pairs"]
    cells = [f"{values[key]:8.3f}" for key in _HEAD] + [f"{easy[key]:8.3f}" for key in _HEAD]
    return f"{name:26}" + "".join(cells)


def table(result: Mapping[str, Any]) -> str:
    """What a person reads."""
    ours, peers = result["ours"], result["peers"]
    lines = [
        f"{ours['queries']} queries of the {result['half']} half, {ours['gallery']} films in the gallery"
    ]
    for modality in ("picture", "sound"):
        mine = {name: peer for name, peer in peers.items() if peer.get("modality") == modality}
        lines += ["", f"by {modality}: {ours[modality]['copies']} copies of {ours[modality]['pairs']} pairs"]
        lines.append(
            f"{'':26}{'muAP':>8}{'R@P1':>8}{'R@P.99':>8}{'R@P.95':>8}   the same without one scene's pairs"
        )
        lines.append(_row("this engine", ours[modality]))
        lines += [_row(name, peer) for name, peer in mine.items()]
        low, high = ours[modality]["intervals of 95 %, over groups of sources"]["muAP"]
        lines.append(
            f"this engine's muAP lies in {low:.3f} to {high:.3f}; at its own threshold it finds "
            f"{ours[modality]['recall at the shipped threshold']:.3f}"
        )
        key = "recall per kind at the threshold of precision 0.95"
        lines += [
            "",
            f"{'kind':28}{'copies':>7}{'ours':>7}{'own .5':>7}" + "".join(f"{n[:9]:>10}" for n in mine),
        ]
        for kind in (kind.name for kind in KINDS if kind.name in ours[modality][key]):
            count, share = ours[modality][key][kind]
            own = ours[modality]["recall per kind at the shipped threshold"][kind][1]
            others = "".join(f"{peer[key].get(kind, (0, 0.0))[1]:10.2f}" for peer in mine.values())
            lines.append(f"{kind:28}{count:7}{share:7.2f}{own:7.2f}{others}")
    lines += ["", f"{'pairs that share no frame':28}{'pairs':>7}{'merged':>8}{'called same scene':>19}"]
    for name, entry in ours["merges"].items():
        lines.append(
            f"{name:28}{entry['pairs']:7}{entry['false merges']:8}{entry['share called same scene']:19.2f}"
        )
    for name in ("all", "cut", "insert"):
        lines.append(f"places, {name}: " + _told(ours["picture"]["places"][name]))
    for name, entry in ours["sound alone"].items():
        lines.append(f"sound alone, {name}: " + _told(entry))
    lines.append("cost: " + _told(ours["cost"]))
    spent = {"this engine": result["CPU s, all files and searches"]} | {
        name: peer["CPU s, all files"] for name, peer in peers.items() if "CPU s, all files" in peer
    }
    lines.append("CPU s, all files read (and this engine's searches): " + _told(spent))
    lines += [f"{name}: left out, {peer['left out']}" for name, peer in peers.items() if "left out" in peer]
    if result.get("speed"):
        lines.append("speed: " + _told(result["speed"]))
    return "\n".join(lines)


def _told(values: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}"
        for key, value in values.items()
    )
