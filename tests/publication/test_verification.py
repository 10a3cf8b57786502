"""A package is accepted as it was made, and refused by both checkers once anything in it was touched."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.publication.conftest import Made
from tests.publication.tampering import both, flip, index_of, indices, named, run_script, seal_again
from videtur.engines.custody.canonical import canonical_json
from videtur.engines.custody.verdict import Property
from videtur.errors import Refused, WrongUsage
from videtur.ledger.keys import load_ledger_key
from videtur.publication.package_verification import verify_package

pytestmark = pytest.mark.django_db
TAGS = "tagmanifest-sha256.txt"


def files_of(package: Path) -> list[Path]:
    return sorted(path for path in package.rglob("*") if path.is_file())


def test_it_is_accepted_as_it_was_made(made: Made) -> None:
    fingerprint = made.exported.key_fingerprint
    answer, verdict = both(made.package, fingerprint)
    assert answer.accepted, answer.lines
    assert len(answer.lines) == 1
    assert answer.lines[0].startswith("OK")
    assert fingerprint in answer.lines[0]
    assert verdict.ok, verdict.report.problems
    assert verdict.properties == dict.fromkeys(Property, True)
    assert verdict.report.counts["originals"] == 3


def test_without_a_fingerprint_both_ask_for_one(made: Made) -> None:
    answer, verdict = both(made.package)
    assert answer.accepted
    assert "COMPARE this fingerprint" in answer.lines[0]
    assert verdict.ok
    assert any("was not compared" in remark for remark in verdict.report.remarks)


def test_a_fingerprint_may_be_written_with_colons_and_capitals(made: Made) -> None:
    digits = made.exported.key_fingerprint.upper()
    written = ":".join(digits[at : at + 2] for at in range(0, 64, 2))
    answer, verdict = both(made.package, written)
    assert answer.accepted
    assert verdict.ok
    assert verdict.evidence
    assert verdict.evidence.key_compared


def test_another_fingerprint_is_refused(made: Made) -> None:
    answer, verdict = both(made.package, "0" * 64)
    assert not answer.accepted
    assert answer.names("proof/log-key.pem")
    assert named(verdict, "proof/log-key.pem")
    with pytest.raises(WrongUsage):
        verify_package(made.package, "no fingerprint")
    assert run_script(made.package, "--key-fingerprint").status == 1
    assert run_script(made.package, "--unknown").status == 1


def spoilt_bytes(content: bytes) -> list[tuple[int, int]]:
    return [(0, 1), (len(content) // 2, 0x20), (len(content) - 1, 0x80)]


def test_a_changed_byte_in_any_file_is_found_and_the_file_named(package: Path) -> None:
    for path in files_of(package):
        name = path.relative_to(package).as_posix()
        content = path.read_bytes()
        for offset, mask in spoilt_bytes(content):
            flip(path, offset, mask)
            verdict = verify_package(package)
            path.write_bytes(content)
            assert named(verdict, spoilt_name(name)), (name, offset, verdict.report.problems)
    assert verify_package(package).ok


def test_the_script_finds_and_names_it_too(package: Path) -> None:
    seen: dict[str, int] = {}
    for path in files_of(package):
        name = path.relative_to(package).as_posix()
        kind = path.suffix
        seen[kind] = seen.get(kind, 0) + 1
        if name.startswith("proof/entries/") and seen[kind] > 1:
            continue  # all of them: the slow test below
        check_script(package, path, spoilt_bytes(path.read_bytes())[-1:])
    check_script(package, package / "manifest-sha256.txt", [(0, 1), (65, 0x20)])
    check_script(package, package / TAGS, [(0, 1), (0, 0x20)])
    assert run_script(package).accepted


@pytest.mark.slow
@pytest.mark.skipif("VIDETUR_EXHAUSTIVE" not in os.environ, reason="minutes; set VIDETUR_EXHAUSTIVE=1")
def test_the_script_finds_and_names_it_everywhere(package: Path) -> None:
    for path in files_of(package):
        content = path.read_bytes()
        check_script(
            package, path, [(at, 1 << (at % 8)) for at in range(0, len(content), len(content) // 20 + 1)]
        )


def check_script(package: Path, path: Path, spoilt: list[tuple[int, int]]) -> None:
    name, content = path.relative_to(package).as_posix(), path.read_bytes()
    for offset, mask in spoilt:
        flip(path, offset, mask)
        answer = run_script(package)
        path.write_bytes(content)
        assert not answer.accepted, (name, offset)
        assert answer.names(spoilt_name(name)) or name == "verify.sh", (name, offset, answer.lines)


def spoilt_name(name: str) -> str:
    """A signature and what it signs: which of the two was changed cannot be told."""
    return TAGS if name == f"{TAGS}.sig" else name


def test_every_byte_of_the_small_files_counts(package: Path) -> None:
    """The manifests, the signature and the declaration: where a letter's case, say, could pass unseen."""
    checked = 0
    for name, step in (("bagit.txt", 9), (f"{TAGS}.sig", 7), (TAGS, 211), ("manifest-sha256.txt", 97)):
        path = package / name
        for offset in range(3, path.stat().st_size, step):
            flip(path, offset, 0x20)
            assert not verify_package(package).ok, (name, offset)
            if checked % 8 == 0:
                assert not run_script(package).accepted, (name, offset)
            flip(path, offset, 0x20)
            checked += 1


def test_a_deleted_file_is_named(package: Path) -> None:
    for number, path in enumerate(files_of(package)):
        name = path.relative_to(package).as_posix()
        content = path.read_bytes()
        path.unlink()
        verdict = verify_package(package)
        if name != "verify.sh" and (number % 20 == 0 or not name.startswith("proof/entries")):
            answer = run_script(package)
            assert not answer.accepted, name
            assert any(spoilt_name(name) in line for line in answer.lines), (name, answer.lines)
        path.write_bytes(content)
        assert named(verdict, name), (name, verdict.report.problems)


@pytest.mark.parametrize(
    "name",
    [
        "extra.txt",
        ".hidden",
        "..odd",
        "data/extra",
        "data/originals/.x",
        "data/record/deep/er",
        "proof/entries/1",
        "proof/new/",
    ],
)
def test_an_added_file_is_named(package: Path, name: str) -> None:
    path = package / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir() if name.endswith("/") else path.write_text("added")
    answer = run_script(package)
    assert not answer.accepted
    shown = "data/record/deep" if "deep" in name else name.removesuffix("/")
    assert answer.names(shown), answer.lines
    if not name.endswith("/"):  # a bag knows files alone; an empty folder holds nothing
        assert named(verify_package(package), name)


def test_names_made_to_deceive_a_terminal_are_shown_harmless(package: Path) -> None:
    (package / "bad\x1b[2J\nOK: all is well").write_text("x")
    answer, verdict = both(package)
    assert not answer.accepted
    assert not any(line.startswith("OK") for line in answer.lines)
    assert not any("\x1b" in line for line in answer.lines)
    assert "\x1b" not in json.dumps(verdict.as_json(), ensure_ascii=False)
    assert not verdict.ok


def test_a_name_that_is_no_text_is_survived(package: Path) -> None:
    os.close(os.open(os.fsencode(package) + b"/\xff\xfe", os.O_CREAT | os.O_WRONLY))
    answer, verdict = both(package)
    assert not answer.accepted
    assert not verdict.ok
    json.dumps(verdict.as_json(), ensure_ascii=False).encode()


def test_files_that_changed_places_are_named(package: Path) -> None:
    first, second = sorted((package / "data/originals").iterdir())[:2]
    a, b = first.read_bytes(), second.read_bytes()
    first.write_bytes(b)
    second.write_bytes(a)
    answer, verdict = both(package)
    for path in (first, second):
        assert answer.names(path.relative_to(package).as_posix())
        assert named(verdict, path.relative_to(package).as_posix())


def test_a_link_in_the_place_of_a_file_is_refused(package: Path, tmp_path: Path) -> None:
    path = min((package / "data/originals").iterdir())
    outside = tmp_path / "outside"
    path.rename(outside)
    path.symlink_to(outside)
    answer, verdict = both(package)
    assert not answer.accepted
    assert any("(a link)" in line for line in answer.lines)
    assert not verdict.ok


def test_a_link_in_the_place_of_a_folder_is_refused(package: Path, tmp_path: Path) -> None:
    (package / "data/originals").rename(tmp_path / "elsewhere")
    (package / "data/originals").symlink_to(tmp_path / "elsewhere")
    answer, verdict = both(package)
    assert not answer.accepted
    assert not verdict.ok


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"a":1.5}', b"{}", b'{"format":NaN}']
)
def test_a_record_or_entry_of_nonsense_is_a_problem_and_no_crash(
    package: Path, made: Made, content: bytes
) -> None:
    index = min(indices(package))
    for name in ("data/record/case.json", f"proof/entries/{index}.entry", f"proof/entries/{index}.tlog-proof",
                 "proof/checkpoint", "proof/log-key.pem", "manifest-sha256.txt", f"{TAGS}.sig"):  # fmt: skip
        path = package / name
        kept = path.read_bytes()
        path.write_bytes(content)
        verdict = verify_package(package)
        path.write_bytes(kept)
        assert any(name.rpartition(".")[0] in problem.path for problem in verdict.report.problems), name


def test_an_entry_must_be_canonical(package: Path, made: Made) -> None:
    index = index_of(package, b"footage.observation.added")
    path = package / f"proof/entries/{index}.entry"
    content = json.loads(path.read_bytes())
    path.write_bytes(canonical_json(content) + b"\n")
    problems = verify_package(package).report.problems
    assert any(problem.path == f"proof/entries/{index}.tlog-proof" for problem in problems)


def test_commands_in_proofs_and_names_are_never_executed(package: Path, made: Made, tmp_path: Path) -> None:
    """A package is somebody else's: what verify.sh evaluates must be numbers and hashes."""
    trap = tmp_path / "trapped"
    command = f"$(touch {trap})"
    index = min(indices(package))
    proof = package / f"proof/entries/{index}.tlog-proof"
    lines = proof.read_text().split("\n")
    for spoilt in (f"AAAA 1:2;{command}:x", f"`touch {trap}`", f"AAAA 1:{command}:3", "*"):
        proof.write_text("\n".join([*lines[:2], spoilt, *lines[3:]]))
        seal_again(package, load_ledger_key(made.house.workspace))
        assert not run_script(package).accepted
    proof.write_text("\n".join(lines))
    for name in (f"1;touch {trap.name};.entry", "a[$(touch trapped)].entry", "007.entry"):
        path = package / "proof/entries" / name
        path.write_text("{}")
        assert not run_script(package).accepted
        path.unlink()
    checkpoint = (package / "proof/checkpoint").read_text().split("\n")
    checkpoint[1] = f"a[{command}]"
    (package / "proof/checkpoint").write_text("\n".join(checkpoint))
    assert not run_script(package).accepted
    assert not trap.exists()
    assert not (package / "trapped").exists()
    assert not (package / "proof/entries/trapped").exists()


def test_the_script_needs_no_more_than_it_says(made: Made) -> None:
    source = (made.package / "verify.sh").read_text()
    assert len(source.splitlines()) <= 100
    assert source.isascii()
    words = set(re.findall(r"[a-z0-9]+", re.sub(r"#.*|'[^']*'|\"[^\"]*\"", " ", source)))
    assert not words & {
        "awk",
        "sed",
        "grep",
        "python",
        "python3",
        "perl",
        "find",
        "xargs",
        "cmp",
        "diff",
        "local",
        "bash",
    }


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_the_script_runs_in(made: Made, package: Path, shell: str) -> None:
    assert run_script(package, shell=shell).accepted
    flip(package / "data/record/custody.csv", 3)
    assert not run_script(package, shell=shell).accepted


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        verify_package(tmp_path / "none")
