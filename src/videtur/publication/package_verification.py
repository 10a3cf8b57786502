"""Checking a package that somebody handed over. Needs no workspace, no database and no network."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from videtur.engines.custody.package import (
    SIGNATURE,
    TAG_MANIFEST,
    PackageEvidence,
    check_package,
    is_evidence_package,
    normal_fingerprint,
)
from videtur.engines.custody.verdict import MEANINGS, Kind, Problem, Property, VerificationReport, report
from videtur.errors import Refused, WrongUsage
from videtur.storage.bagit import BagReport, check_bag

_LARGEST = 256 << 20
_FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")
_MISSING = re.compile(r"is missing\b")
_DIFFERS = re.compile(r"(differs|cannot be read)\b")


@dataclass(frozen=True, slots=True)
class PackageVerdict:
    """What was found in a package. For a bag without proofs, the six properties are not shown at all."""

    report: VerificationReport
    evidence: PackageEvidence | None
    bag: BagReport

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return self.report.ok

    @property
    def properties(self) -> dict[Property, bool | None]:
        """Which of the six properties hold; None where the package does not show it."""
        if self.evidence is None:
            return dict.fromkeys(Property)
        return dict(self.report.properties)

    def as_json(self) -> dict[str, object]:
        """The verdict as the command line prints it."""
        found, head = self.evidence, None if self.evidence is None else self.evidence.tree_head
        return {
            "ok": self.ok,
            "kind": "bag" if found is None else "evidence package",
            "properties": {each.value: holds for each, holds in self.properties.items()},
            "meanings": {each.value: MEANINGS[each] for each in Property},
            "problems": [{"path": shown(one.path), "what": shown(one.what)} for one in self.report.problems],
            "remarks": list(self.report.remarks),
            "counts": dict(self.report.counts),
            "key": None
            if found is None
            else {"fingerprint": found.key_fingerprint, "compared": found.key_compared},
            "checkpoint": None
            if head is None
            else {"origin": head.origin, "size": head.size, "root": head.root.hex()},
        }


def verify_package(
    folder: Path, fingerprint: str | None = None, progress: Callable[[int], None] | None = None
) -> PackageVerdict:
    """Check a package by parsing it; nothing in it is executed.

    Raises Refused when there is no folder to look into, WrongUsage for something that is no fingerprint.
    """
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder", remedy="Name the folder that holds bagit.txt")
    if fingerprint is not None and not _FINGERPRINT.match(normal_fingerprint(fingerprint) or ""):
        raise WrongUsage(f"{fingerprint[:80]!r} is not a fingerprint", remedy="Give 64 hexadecimal digits")
    bag = check_bag(folder, progress)
    names = frozenset((*bag.payload, *bag.tag_files))
    evidence = None
    if is_evidence_package(names):
        evidence = check_package(names, lambda name: _read(folder / name), fingerprint)
    problems = [*_of_bag(bag), *(evidence.problems if evidence else ())]
    if evidence is None and fingerprint is not None:
        problems.append(Problem(SIGNATURE, "is missing: there is no key to compare with", Kind.MISSING))
    counts = {"files": len(names), "payload_bytes": sum(bag.payload.values())}
    if evidence is not None:
        counts |= {"entries": evidence.proven_entries, "originals": evidence.originals}
    return PackageVerdict(report(problems, _remarks(bag, evidence), counts), evidence, bag)


def shown(text: str) -> str:
    """A path or message for a terminal or JSON: no control characters, nothing that is not text."""
    printable = text.encode("utf-8", "backslashreplace").decode()
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in printable
    )


def _of_bag(bag: BagReport) -> Iterator[Problem]:
    for problem in bag.problems:
        if _MISSING.match(problem.what):
            kind = Kind.MISSING
        else:
            kind = Kind.CONTENT if _DIFFERS.match(problem.what) else Kind.STRUCTURE
        yield Problem(problem.path, problem.what, kind)


def _remarks(bag: BagReport, evidence: PackageEvidence | None) -> Iterator[str]:
    for warning in bag.warnings:
        yield shown(f"{warning.path}: {warning.what}")
    if evidence is None:
        yield (
            "This is a bag without proofs: it shows that files agree with its own manifests, which anybody "
            "can rewrite, and nothing about who made it or since when"
        )
    elif not evidence.key_compared:
        yield (
            f"The fingerprint of the key, {evidence.key_fingerprint}, was not compared with one from outside "
            "the package: without that, anybody could have made it"
        )
    if evidence is not None and TAG_MANIFEST in bag.tag_files:
        yield "What is not shown stands in VERIFY.txt: above all, whether a film shows what is said of it"


def _read(path: Path) -> bytes | None:
    try:
        if path.stat().st_size > _LARGEST:
            return None
        return path.read_bytes()
    except OSError:
        return None
