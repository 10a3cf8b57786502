"""Packages changed on purpose by somebody who makes all checksums fit again, with or without the key."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from tests.publication.conftest import Made
from tests.publication.tampering import (
    both,
    change_entry,
    flip,
    index_of,
    indices,
    named,
    result_is_good,
    run_script,
    seal_again,
)
from videtur.engines.custody.signing import Signer
from videtur.engines.custody.verdict import Property
from videtur.ledger.keys import load_ledger_key
from videtur.publication.package_verification import verify_package

pytestmark = pytest.mark.django_db
TAGS = "tagmanifest-sha256.txt"


def test_somebody_else_who_signs_everything_anew_has_another_fingerprint(package: Path, made: Made) -> None:
    """All that a package can say for itself fits together again; only the fingerprint from outside tells."""
    forger = Signer.new()
    checkpoint = (package / "proof/checkpoint").read_text()
    text = checkpoint.partition("\n\n")[0].split("\n")
    text[0] = forger.name
    body = "\n".join(text) + "\n"
    signature = base64.b64encode(forger.verifier.key_id + forger.sign(body.encode())).decode()
    forged = f"{body}\n\N{EM DASH} {forger.name} {signature}\n"
    (package / "proof/checkpoint").write_text(forged)
    (package / "proof/log-key.pem").write_bytes(forger.verifier.as_pem())
    for proof in (package / "proof/entries").glob("*.tlog-proof"):
        proof.write_text(proof.read_text().replace(checkpoint, forged))
    seal_again(package, forger)
    assert result_is_good(package) == (True, True)
    answer, verdict = both(package, made.exported.key_fingerprint)
    assert not answer.accepted
    assert not verdict.ok


def test_without_the_key_a_consistent_change_fails_at_the_signature(package: Path) -> None:
    original = min((package / "data/originals").iterdir())
    flip(original, 0)
    seal_again(package, Signer.new())
    answer, verdict = both(package)
    assert answer.names(TAGS)
    assert named(verdict, TAGS)
    assert named(verdict, original.relative_to(package).as_posix())  # it is not named by its bytes any more


def test_even_the_holder_of_the_key_cannot_change_an_entry(package: Path, made: Made) -> None:
    """The manifests and their signature are made anew with the right key: the tree still tells."""
    index = index_of(package, b"footage.observation.added")
    change_entry(package, index, b"appear to be persons", b"are without any doubt")
    seal_again(package, load_ledger_key(made.house.workspace))
    answer, verdict = both(package, made.exported.key_fingerprint)
    assert not answer.accepted
    assert answer.names(f"proof/entries/{index}.tlog-proof")
    assert named(verdict, f"proof/entries/{index}.tlog-proof")


def test_the_proofs_of_two_entries_cannot_be_exchanged(package: Path, made: Made) -> None:
    one, two = (package / f"proof/entries/{index}.tlog-proof" for index in sorted(indices(package))[:2])
    a, b = one.read_text(), two.read_text()
    one.write_text(b)
    two.write_text(a)
    seal_again(package, load_ledger_key(made.house.workspace))
    answer, verdict = both(package)
    assert answer.names(one.relative_to(package).as_posix())
    assert named(verdict, two.relative_to(package).as_posix())


def test_each_hash_of_each_proof_matters(package: Path, made: Made) -> None:
    """Cheap in Python; the script's own climb is tried on some of them."""
    key = load_ledger_key(made.house.workspace)
    tried = 0
    for path in sorted((package / "proof/entries").glob("*.tlog-proof")):
        text = path.read_text()
        lines = text.split("\n")
        for number in range(2, lines.index("")):
            digest = bytearray(base64.b64decode(lines[number]))
            digest[7] ^= 4
            spoilt = [*lines[:number], base64.b64encode(digest).decode(), *lines[number + 1 :]]
            path.write_text("\n".join(spoilt))
            name = path.relative_to(package).as_posix()
            if tried % 4 == 0:
                assert named(verify_package(package), name), (name, number)
            if tried % 32 == 0:
                seal_again(package, key)
                assert run_script(package).names(name), (name, number)
            tried += 1
        path.write_text(text)
    assert tried > 50


def test_an_original_that_an_entry_names_must_be_there(package: Path, made: Made) -> None:
    """Taken away, and everything else made to fit by the holder of the key."""
    original = package / f"data/originals/{made.items[1].sha256}.mkv"
    original.unlink()
    seal_again(package, load_ledger_key(made.house.workspace))
    answer, verdict = both(package)
    assert any(made.items[1].sha256 in line for line in answer.lines)
    assert not verdict.ok
    assert not verdict.properties[Property.AVAILABILITY]


def test_an_original_that_no_entry_names_is_refused(package: Path, made: Made) -> None:
    content = b"slipped in"
    name = f"data/originals/{hashlib.sha256(content).hexdigest()}.mp4"
    (package / name).write_bytes(content)
    seal_again(package, load_ledger_key(made.house.workspace))
    answer, verdict = both(package)
    assert not answer.accepted
    assert any(name.removesuffix(".mp4") in line for line in answer.lines)
    assert named(verdict, name)


def test_a_record_that_says_more_than_the_ledger_is_refused(package: Path, made: Made) -> None:
    path = package / "data/record/case.json"
    record = json.loads(path.read_text())
    record["observations"][0]["row"]["count_minimum"] = 20
    path.write_text(json.dumps(record))
    seal_again(package, load_ledger_key(made.house.workspace))
    verdict = verify_package(package)
    assert [problem.path for problem in verdict.report.problems] == ["data/record/case.json"]
    assert not verdict.properties[Property.AUTHENTICITY]


def test_an_entry_of_another_case_does_not_belong(package: Path, made: Made) -> None:
    path = package / "data/record/case.json"
    record = json.loads(path.read_text())
    record["slug"] = "another"
    path.write_text(json.dumps(record))
    seal_again(package, load_ledger_key(made.house.workspace))
    assert any("does not belong" in problem.what for problem in verify_package(package).report.problems)
