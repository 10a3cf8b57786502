"""Ways to spoil a package, and both of its checkers."""

import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from videtur.engines.custody.signing import Signer
from videtur.publication.package_verification import PackageVerdict, verify_package


@dataclass(frozen=True)
class Answer:
    """What verify.sh answered."""

    status: int
    lines: list[str]

    @property
    def accepted(self) -> bool:
        return self.status == 0

    def names(self, path: str) -> bool:
        return any(line.startswith(f"{path}:") for line in self.lines)


def run_script(package: Path, *arguments: str, shell: str = "sh") -> Answer:
    """Run the package's own script, as the reader of VERIFY.txt does."""
    done = subprocess.run(
        [shell, "verify.sh", *arguments],
        cwd=package,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        env={"PATH": "/usr/bin:/bin"},
    )
    return Answer(done.returncode, done.stdout.decode("utf-8", "replace").splitlines())


def named(verdict: PackageVerdict, path: str) -> bool:
    return any(problem.path == path for problem in verdict.report.problems)


def flip(path: Path, offset: int, mask: int = 1) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= mask
    path.write_bytes(content)


def seal_again(package: Path, signer: Signer) -> None:
    """What somebody with a key does after changing a package: all manifests and the signature, made anew."""
    files = [path for path in package.rglob("*") if path.is_file() and "tagmanifest" not in path.name]
    names = {path.relative_to(package).as_posix(): path for path in files}
    payload = {name: path for name, path in names.items() if name.startswith("data/")}
    for algorithm in ("sha256", "sha512"):
        (package / f"manifest-{algorithm}.txt").write_text(manifest_of(payload, algorithm))
    oxum = f"Payload-Oxum: {sum(path.stat().st_size for path in payload.values())}.{len(payload)}\n"
    information = (package / "bag-info.txt").read_text().splitlines(keepends=True)
    (package / "bag-info.txt").write_text("".join([*information[:-1], oxum]))
    tags = manifest_of({name: names[name] for name in names.keys() - payload.keys()}, "sha256")
    (package / "tagmanifest-sha256.txt").write_text(tags)
    (package / "tagmanifest-sha256.txt.sig").write_bytes(signer.sign(tags.encode()))


def manifest_of(files: Mapping[str, Path], algorithm: str) -> str:
    digests = {name: hashlib.new(algorithm, path.read_bytes()).hexdigest() for name, path in files.items()}
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def both(package: Path, fingerprint: str | None = None) -> tuple[Answer, PackageVerdict]:
    arguments = () if fingerprint is None else ("--key-fingerprint", fingerprint)
    return run_script(package, *arguments), verify_package(package, fingerprint)


def result_is_good(package: Path) -> tuple[bool, bool]:
    answer, verdict = both(package)
    return answer.accepted, verdict.ok


def change_entry(package: Path, index: int, old: bytes, new: bytes) -> None:
    path = package / f"proof/entries/{index}.entry"
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


def index_of(package: Path, content: bytes) -> int:
    paths = (package / "proof/entries").glob("*.entry")
    return next(int(path.stem) for path in paths if content in path.read_bytes())


def indices(package: Path) -> list[int]:
    return [int(path.stem) for path in (package / "proof/entries").glob("*.entry")]
