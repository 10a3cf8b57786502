"""An evidence package checked: key, signatures, proofs, and whether its record says what the ledger says.

Pure: it is given the names of the files and a way to read them. That every file matches its checksum is
the business of the bag around it (`videtur.storage.bagit`); here it is shown who says so, and since when.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from videtur.engines.custody.canonical import canonical_json
from videtur.engines.custody.merkle import leaf_hash
from videtur.engines.custody.notes import EntryProof, NoteRefused, TreeHead, open_checkpoint
from videtur.engines.custody.signing import Verifier
from videtur.engines.custody.verdict import Kind, Problem

TAG_MANIFEST = "tagmanifest-sha256.txt"
SIGNATURE = "tagmanifest-sha256.txt.sig"
MANIFEST = "manifest-sha256.txt"
KEY = "proof/log-key.pem"
CHECKPOINT = "proof/checkpoint"
ENTRIES = "proof/entries/"
ORIGINALS = "data/originals/"
CASE_RECORD = "data/record/case.json"
CASE_FILE = "data/record/case.yaml"
CUSTODY_TABLE = "data/record/custody.csv"
REPORT = "data/record/report.html"
REPORT_AS_JSON = "data/record/report.json"
EXPLANATION = "VERIFY.txt"
CHECKER = "verify.sh"
RECORD_FORMAT = "videtur-case-record/1"
DERIVATIONS = "pipeline_derivation"

SECTIONS: Mapping[str, str] = {
    "case": "cases_case",
    "parties": "cases_party",
    "items": "evidence_item",
    "captures": "evidence_capture",
    "publications": "evidence_publication",
    "refusals": "evidence_refusal",
    "derivations": DERIVATIONS,
    "copy_decisions": "footage_copydecision",
    "observations": "footage_observation",
}
"""The parts of the case record whose rows must stand in a ledger entry word for word, and their tables."""
ENTITIES = "entities"
"""The part with the rows of the method; each says its own table."""

_REQUIRED = (
    TAG_MANIFEST, SIGNATURE, MANIFEST, "manifest-sha512.txt", "bagit.txt", "bag-info.txt", KEY, CHECKPOINT,
    CASE_RECORD, CUSTODY_TABLE, REPORT, REPORT_AS_JSON, EXPLANATION, CHECKER,
)  # fmt: skip
_OPTIONAL = {CASE_FILE}
"""Packages that were made before cases had files lack it."""
_UNLISTED = {TAG_MANIFEST, SIGNATURE}
_ORIGINAL = re.compile(re.escape(ORIGINALS) + r"([0-9a-f]{64})\.[a-z0-9]{1,8}\Z")
_ENTRY = re.compile(re.escape(ENTRIES) + r"(0|[1-9][0-9]{0,18})\.(entry|tlog-proof)\Z")
_MANIFEST_LINE = re.compile(r"([0-9a-f]{64})  (\S+)\Z")
_NAMES_BYTES = ("item_sha256", "input_sha256")

Json = dict[str, object]
Reader = Callable[[str], bytes | None]
"""Gives a file's bytes, or None when it is missing or cannot be read."""


@dataclass(frozen=True, slots=True)
class PackageEvidence:
    """What the proofs of a package show."""

    problems: tuple[Problem, ...]
    key_fingerprint: str | None
    key_compared: bool
    """Whether a fingerprint from outside the package was given and is the same."""
    tree_head: TreeHead | None
    proven_entries: int
    originals: int


def is_evidence_package(names: Collection[str]) -> bool:
    """Whether a bag carries proofs at all; one made by others need not."""
    return any(name.startswith("proof/") for name in names) or SIGNATURE in names


def check_package(names: Collection[str], read: Reader, fingerprint: str | None = None) -> PackageEvidence:
    """Check everything that the proofs of a package say. `fingerprint` is the key's, known from elsewhere."""
    return _Check(frozenset(names), read, normal_fingerprint(fingerprint)).run()


def normal_fingerprint(text: str | None) -> str | None:
    """A fingerprint as people write it (colons, blanks, capitals), in plain hexadecimal."""
    return None if text is None else re.sub(r"[\s:]", "", text).lower()


@dataclass(slots=True)
class _Check:
    names: frozenset[str]
    read: Reader
    fingerprint: str | None
    problems: list[Problem] = field(default_factory=list[Problem])
    verifier: Verifier | None = None
    checkpoint: str = ""
    head: TreeHead | None = None
    entries: dict[int, Json] = field(default_factory=dict[int, Json])

    def run(self) -> PackageEvidence:
        self._check_layout()
        self._check_key()
        self._check_signature()
        self._check_checkpoint()
        for index in self._indices():
            self._check_entry(index)
        self._check_originals()
        self._check_record()
        return PackageEvidence(
            problems=tuple(self.problems),
            key_fingerprint=None if self.verifier is None else self.verifier.fingerprint,
            key_compared=self.verifier is not None and self.fingerprint == self.verifier.fingerprint,
            tree_head=self.head,
            proven_entries=len(self.entries),
            originals=sum(1 for name in self.names if _ORIGINAL.match(name)),
        )

    def problem(self, path: str, what: str, kind: Kind = Kind.RECORD) -> None:
        self.problems.append(Problem(path, what, kind))

    def _check_layout(self) -> None:
        for name in sorted(set(_REQUIRED) - self.names):
            self.problem(name, "is missing", Kind.MISSING)
        listed = self._manifest(TAG_MANIFEST) | self._manifest(MANIFEST)
        for name in sorted(self.names - _UNLISTED - listed.keys()):
            self.problem(name, "is not listed in a manifest", Kind.STRUCTURE)
        for name in sorted(self.names - set(_REQUIRED) - _OPTIONAL):
            original = _ORIGINAL.match(name)
            if original is None and not _ENTRY.match(name):
                self.problem(name, "is not a part of an evidence package", Kind.STRUCTURE)
            elif original is not None and listed.get(name, original[1]) != original[1]:
                self.problem(name, "is not named by the SHA-256 of its bytes", Kind.NAME)

    def _manifest(self, name: str) -> dict[str, str]:
        """A manifest as we write them: sorted, each path once, digests in small letters."""
        lines = self._text(name).split("\n")
        matches = [_MANIFEST_LINE.match(line) for line in lines[:-1]]
        listed = {match[2]: match[1] for match in matches if match}
        if lines[-1] or len(listed) != len(matches) or list(listed) != sorted(listed):
            self.problem(name, "is not written as a package's manifest is")
        return listed

    def _check_key(self) -> None:
        pem = self._bytes(KEY)
        try:
            verifier = Verifier.from_pem(pem)
        except ValueError:
            self.problem(KEY, "is not an Ed25519 public key")
            return
        if verifier.as_pem() != pem:
            self.problem(KEY, "holds more than a public key")
        self.verifier = verifier
        if self.fingerprint is not None and self.fingerprint != verifier.fingerprint:
            self.problem(KEY, f"has the fingerprint {verifier.fingerprint}, not the one given")

    def _check_signature(self) -> None:
        if self.verifier is None:
            return
        if not self.verifier.verify(self._bytes(TAG_MANIFEST), self._bytes(SIGNATURE)):
            self.problem(TAG_MANIFEST, f"does not match its signature, {SIGNATURE}")

    def _check_checkpoint(self) -> None:
        self.checkpoint = self._text(CHECKPOINT)
        if self.verifier is None:
            return
        try:
            self.head = open_checkpoint(self.checkpoint, [self.verifier])
        except NoteRefused as refused:
            self.problem(CHECKPOINT, str(refused))

    def _indices(self) -> list[int]:
        parts: dict[int, set[str]] = {}
        for name in self.names:
            if match := _ENTRY.match(name):
                parts.setdefault(int(match[1]), set()).add(match[2])
        for index, there in sorted(parts.items()):
            for missing in {"entry", "tlog-proof"} - there:
                self.problem(f"{ENTRIES}{index}.{missing}", "is missing", Kind.MISSING)
        if not parts:
            self.problem(ENTRIES, "holds no entry of the ledger", Kind.MISSING)
        return sorted(index for index, there in parts.items() if len(there) == 2)

    def _check_entry(self, index: int) -> None:
        """The entry is canonical, and the proof shows it at its place under the one checkpoint."""
        name, proof_name = f"{ENTRIES}{index}.entry", f"{ENTRIES}{index}.tlog-proof"
        body, text = self._bytes(name), self._text(proof_name)
        try:
            proof = EntryProof.from_text(text)
            if proof.text() != text or proof.index != index or proof.checkpoint != self.checkpoint:
                self.problem(proof_name, f"is not the proof of entry {index} under {CHECKPOINT}")
            elif self.verifier is not None:
                proof.verify(leaf_hash(body), [self.verifier])
        except NoteRefused as refused:
            self.problem(proof_name, str(refused))
            return
        content = _parse(body)
        if content is None or not _is_canonical(content, body):
            self.problem(name, "is not canonical JSON")
        else:
            self.entries[index] = content

    def _check_originals(self) -> None:
        """What the entries name is held, and what is held is named by an entry."""
        held = {match[1]: name for name in self.names if (match := _ORIGINAL.match(name))}
        named: set[str] = set()
        for index, content in self.entries.items():
            for digest in _named_bytes(content):
                named.add(digest)
                if digest not in held:
                    what = f"names {digest}, which is not among the originals"
                    self.problem(f"{ENTRIES}{index}.entry", what, Kind.MISSING)
        for digest in sorted(held.keys() - named):
            self.problem(held[digest], "is not named by any entry of the package")

    def _check_record(self) -> None:
        """Every row of the case record stands in the entry it refers to; every entry belongs to the case."""
        record = _parse(self._bytes(CASE_RECORD))
        if record is None or record.get("format") != RECORD_FORMAT:
            self.problem(CASE_RECORD, f"is not a record of the format {RECORD_FORMAT}")
            return
        slug = record.get("slug")
        for index, content in self.entries.items():
            tables = {table for table, _ in _rows(content)}
            if content.get("case") != slug and not (content.get("case") is None and tables == {DERIVATIONS}):
                self.problem(f"{ENTRIES}{index}.entry", "does not belong to the case of this package")
        for section, of_section in (*SECTIONS.items(), (ENTITIES, None)):
            for place, part in enumerate(_objects(record.get(section))):
                index, table = part.get("ledger_index"), of_section or part.get("table")
                if index is None and section == "items":
                    continue  # first received for another case; its capture names it
                rows = list(_rows(self.entries.get(index, {}))) if isinstance(index, int) else []
                if (table, part.get("row")) not in rows:
                    self.problem(CASE_RECORD, f"{section}[{place}] is not in entry {index} as it stands here")

    def _bytes(self, name: str) -> bytes:
        data = self.read(name) if name in self.names else None
        return data or b""

    def _text(self, name: str) -> str:
        try:
            return self._bytes(name).decode()
        except UnicodeDecodeError:
            self.problem(name, "is not text in UTF-8")
            return ""


def _parse(body: bytes) -> Json | None:
    try:
        value: object = json.loads(body, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):  # RecursionError: nested far deeper than anything we write
        return None
    return cast("Json", value) if isinstance(value, dict) else None


def _is_canonical(content: Json, body: bytes) -> bool:
    try:
        return canonical_json(content) == body
    except (ValueError, RecursionError):
        return False


def _refuse(text: str) -> object:
    raise ValueError(f"a record holds no {text}")


def _objects(value: object) -> Iterator[Json]:
    if isinstance(value, list):
        for part in cast("list[object]", value):
            if isinstance(part, dict):
                yield cast("Json", part)


def _rows(content: Json) -> Iterator[tuple[object, object]]:
    for part in _objects(content.get("rows")):
        yield part.get("table"), part.get("row")


def _named_bytes(content: Json) -> Iterator[str]:
    for _, row in _rows(content):
        if isinstance(row, dict):
            for name in _NAMES_BYTES:
                digest = cast("Json", row).get(name)
                if isinstance(digest, str):
                    yield digest
