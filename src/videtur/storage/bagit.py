"""BagIt (RFC 8493) read: whether a folder is a complete and unchanged bag, and if not, what differs.

Nothing that a bag names outside itself is opened or fetched. Checksums of weak algorithms are
compared as well: a bag made by others may have no better ones, and we say which it has.
"""

import codecs
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from videtur.storage.bag_names import PAYLOAD, contained_path

_BLOCK = 1 << 20
_TAG_FILE_LIMIT = 256 << 20
_DECLARATION = "bagit.txt"
_KNOWN_VERSIONS = {(0, 93), (0, 94), (0, 95), (0, 96), (0, 97), (1, 0)}
_MANIFEST = re.compile(r"(tag)?manifest-([A-Za-z0-9-]+)\.txt\Z")
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+(\*?)(.+)\Z", re.DOTALL)
_OXUM = re.compile(r"Payload-Oxum[ \t]*:[ \t]*(\d+)\.(\d+)[ \t]*\Z")
_FETCH = re.compile(r"\S+[ \t]+(?:\d+|-)[ \t]+(.+)\Z", re.DOTALL)
_ALGORITHMS = {
    **{name: name for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")},
    **{f"sha3{bits}": f"sha3_{bits}" for bits in (224, 256, 384, 512)},
}
"""How a manifest's name spells an algorithm, and how hashlib does."""
_WEAK = {"md5", "sha1"}


@dataclass(frozen=True, slots=True)
class BagProblem:
    """One thing that differs: where (a path inside the bag), and what."""

    path: str
    what: str


@dataclass(frozen=True, slots=True)
class BagReport:
    """What was found in a bag. It is valid when there are no problems; warnings are for its maker."""

    version: tuple[int, int] | None
    problems: tuple[BagProblem, ...]
    warnings: tuple[BagProblem, ...]
    algorithms: tuple[str, ...]
    """Of the payload manifests."""
    payload: Mapping[str, int]
    """Size of each payload file that is there, by its path."""
    tag_files: tuple[str, ...]
    tag_manifest_names: frozenset[str]
    """Every path that some tag manifest lists."""

    @property
    def valid(self) -> bool:
        """Complete, and every checksum matches."""
        return not self.problems


def check_bag(root: Path, progress: Callable[[int], None] | None = None) -> BagReport:
    """Check the bag in a folder. `progress` is told how many bytes were hashed since it was last told."""
    return _Check(root, progress or (lambda _: None)).run()


@dataclass(slots=True)
class _Check:
    root: Path
    progress: Callable[[int], None]
    version: tuple[int, int] | None = None
    encoding: str = "utf-8"
    problems: list[BagProblem] = field(default_factory=list[BagProblem])
    warnings: list[BagProblem] = field(default_factory=list[BagProblem])
    files: dict[str, int] = field(default_factory=dict[str, int])
    payload_manifests: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    tag_manifests: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def run(self) -> BagReport:
        self.files = dict(self._walk())
        self._read_declaration()
        self._read_manifests()
        self._check_completeness()
        self._check_fetch()
        self._check_oxum()
        self._check_digests()
        payload = {path: size for path, size in self.files.items() if path.startswith(PAYLOAD)}
        return BagReport(
            version=self.version,
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
            algorithms=tuple(sorted({_manifest_algorithm(name) for name in self.payload_manifests})),
            payload=payload,
            tag_files=tuple(sorted(self.files.keys() - payload.keys())),
            tag_manifest_names=frozenset(_all_paths(self.tag_manifests)),
        )

    def problem(self, path: str, what: str) -> None:
        self.problems.append(BagProblem(path, what))

    def warning(self, path: str, what: str) -> None:
        self.warnings.append(BagProblem(path, what))

    def _walk(self) -> Iterator[tuple[str, int]]:
        """Every regular file by its path inside the bag; anything else is a problem and is not opened."""
        folders = [self.root]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in sorted(entries, key=lambda entry: entry.name):
                        path = Path(entry.path).relative_to(self.root).as_posix()
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(Path(entry.path))
                        elif entry.is_file(follow_symlinks=False):
                            yield path, entry.stat(follow_symlinks=False).st_size
                        else:
                            self.problem(path, "is not a plain file")
            except OSError as failure:
                self.problem(folder.relative_to(self.root).as_posix(), f"cannot be read: {failure.strerror}")

    def _read_declaration(self) -> None:
        """`bagit.txt`: two lines, which say the version and the encoding of the other tag files."""
        data = self._read(_DECLARATION)
        if data is None:
            return
        lines = _lines(data.decode("utf-8", "replace"))
        gap = r"[ \t]+" if not data.startswith(b"BagIt-Version: 1.") else " "
        found = [
            re.fullmatch(rf"{label}:{gap}({value}){'[ ]*' if gap != ' ' else ''}", line)
            for (label, value), line in zip(
                (("BagIt-Version", r"\d+\.\d+"), ("Tag-File-Character-Encoding", r"[A-Za-z0-9._:-]+")),
                [*lines, "", ""],
                strict=False,
            )
        ]
        if len(lines) != 2 or not (found[0] and found[1]):
            self.problem(_DECLARATION, "does not hold the two lines that BagIt asks for")
            return
        major, minor = found[0][1].split(".")
        self.version = (int(major), int(minor))
        if self.version not in _KNOWN_VERSIONS:
            self.problem(_DECLARATION, f"names an unknown version of BagIt, {found[0][1]}")
        try:
            self.encoding = codecs.lookup(found[1][1]).name
        except LookupError:
            self.problem(_DECLARATION, f"names an unknown encoding, {found[1][1]}")

    def _read_manifests(self) -> None:
        for name in sorted(self.files):
            match = _MANIFEST.match(name)
            if match is None:
                continue
            if _manifest_algorithm(name) not in _ALGORITHMS:
                self.problem(name, f"is of an unknown algorithm, {match[2]}")
                continue
            listed = self._read_manifest(name, payload=match[1] is None)
            (self.tag_manifests if match[1] else self.payload_manifests)[name] = listed
            if _manifest_algorithm(name) in _WEAK:
                self.warning(name, "is of an algorithm that no longer withstands an attacker")
        if not self.payload_manifests:
            self.problem("", "has no payload manifest")
        if not (self.root / PAYLOAD).is_dir():
            self.problem(PAYLOAD, "is missing")

    def _read_manifest(self, name: str, payload: bool) -> dict[str, str]:
        listed: dict[str, str] = {}
        for line in self._read_lines(name):
            match = _LINE.match(line)
            if match is None:
                self.problem(name, f"holds a line that is no checksum and path: {line[:80]!r}")
                continue
            digest, star, raw = match[1].lower(), match[2], match[3]
            path = contained_path(self._decoded(raw))
            if path is None or path.startswith(PAYLOAD) is not payload:
                self.problem(name, f"names a path that does not belong in it: {raw[:200]!r}")
                continue
            if star or path != self._decoded(raw):
                self.warning(name, f"writes {path} in the manner of another tool")
            if path in listed:
                what = f"lists {path} more than once"
                same = listed[path] == digest and self.version != (1, 0)
                (self.warning if same else self.problem)(name, what)
            listed[path] = digest
        return listed

    def _decoded(self, raw: str) -> str:
        """A path as a manifest writes it. BagIt 1.0 escapes three characters, earlier ones none."""
        if self.version is None or self.version < (1, 0):
            return raw
        escapes = {"%0a": "\n", "%0d": "\r", "%25": "%"}
        return re.sub(r"%(?:0[AaDd]|25)", lambda match: escapes[match[0].lower()], raw)

    def _check_completeness(self) -> None:
        for manifests, what in ((self.payload_manifests, "payload"), (self.tag_manifests, "tag")):
            for name, listed in manifests.items():
                for path in sorted(listed.keys() - self.files.keys()):
                    self.problem(path, f"is missing; {name} lists it as a {what} file")
        payload = {path for path in self.files if path.startswith(PAYLOAD)}
        if self.version is not None and self.version >= (1, 0):
            for name, listed in self.payload_manifests.items():
                for path in sorted(payload - listed.keys()):
                    self.problem(path, f"is not listed in {name}")
            return
        for path in sorted(payload - _all_paths(self.payload_manifests)):
            self.problem(path, "is not listed in any manifest")

    def _check_fetch(self) -> None:
        """Files to be fetched are never fetched; a place outside the payload is a trap and refused."""
        if "fetch.txt" not in self.files:
            return
        for line in self._read_lines("fetch.txt"):
            match = _FETCH.match(line)
            path = contained_path(self._decoded(match[1])) if match else None
            if path is None or not path.startswith(PAYLOAD):
                self.problem("fetch.txt", f"names a path that does not belong in it: {line[:200]!r}")

    def _check_oxum(self) -> None:
        if "bag-info.txt" not in self.files:
            return
        sizes = [size for path, size in self.files.items() if path.startswith(PAYLOAD)]
        for line in self._read_lines("bag-info.txt"):
            match = _OXUM.match(line)
            if match and (int(match[1]), int(match[2])) != (sum(sizes), len(sizes)):
                found = f"{sum(sizes)}.{len(sizes)}"
                self.problem("bag-info.txt", f"says {match[1]}.{match[2]} of the payload, which is {found}")

    def _check_digests(self) -> None:
        """Each file is read once, whatever the number of manifests that list it."""
        wanted: dict[str, dict[str, set[str]]] = {}
        for name, listed in [*self.payload_manifests.items(), *self.tag_manifests.items()]:
            for path, digest in listed.items():
                wanted.setdefault(path, {}).setdefault(_manifest_algorithm(name), set()).add(digest)
        for path in sorted(wanted.keys() & self.files.keys()):
            found = self._digests(path, wanted[path])
            for algorithm, digests in sorted(wanted[path].items()):
                if found is not None and digests != {found[algorithm]}:
                    self.problem(path, f"differs from its {algorithm} checksum")

    def _digests(self, path: str, algorithms: Mapping[str, object]) -> dict[str, str] | None:
        running = {name: hashlib.new(_ALGORITHMS[name], usedforsecurity=False) for name in algorithms}
        try:
            with (self.root / path).open("rb") as file:
                while data := file.read(_BLOCK):
                    for digest in running.values():
                        digest.update(data)
                    self.progress(len(data))
        except OSError as failure:
            self.problem(path, f"cannot be read: {failure.strerror}")
            return None
        return {name: digest.hexdigest() for name, digest in running.items()}

    def _read(self, name: str) -> bytes | None:
        if name not in self.files:
            self.problem(name, "is missing")
        elif self.files[name] > _TAG_FILE_LIMIT:
            self.problem(name, "is too large for a file of its kind")
        else:
            try:
                return (self.root / name).read_bytes()
            except OSError as failure:
                self.problem(name, f"cannot be read: {failure.strerror}")
        return None

    def _read_lines(self, name: str) -> list[str]:
        data = self._read(name)
        if data is None:
            return []
        try:
            return _lines(data.decode(self.encoding))
        except UnicodeDecodeError:
            self.problem(name, f"is not in the encoding that {_DECLARATION} names, {self.encoding}")
            return []


def _manifest_algorithm(name: str) -> str:
    """The algorithm in a manifest's name, in lower case and without its hyphens, as RFC 8493 compares it."""
    match = _MANIFEST.match(name)
    return match[2].lower().replace("-", "") if match else ""


def _all_paths(manifests: Mapping[str, Mapping[str, str]]) -> set[str]:
    return {path for listed in manifests.values() for path in listed}


def _lines(text: str) -> list[str]:
    """Lines ended by LF, CR or both, as BagIt has them; other separators of Unicode are part of a name."""
    lines = re.split(r"\r\n|\n|\r", text)
    return [line for line in lines if line]
