"""What an export holds, what it leaves out, and how it comes to be at its place."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import bagit
import pytest

from tests.publication.conftest import ACTOR, CANARIES, Made, examine, receive
from videtur.cases.services import add_member, create_case
from videtur.engines.custody.canonical import canonical_json
from videtur.engines.custody.merkle import leaf_hash
from videtur.engines.custody.notes import EntryProof
from videtur.engines.custody.package import SECTIONS
from videtur.errors import NotPermitted, StorageFailed, WrongUsage
from videtur.ledger.checkpoints import sign_checkpoint
from videtur.ledger.keys import load_ledger_verifier
from videtur.ledger.models import Entry
from videtur.ledger.services import entry_content, size
from videtur.people.services import create_user
from videtur.pipeline.derivations import DONE
from videtur.pipeline.services import Result, record_results
from videtur.pipeline.steps import BY_NAME
from videtur.publication.custody_table import original
from videtur.publication.models import PackageExport
from videtur.publication.record import entries_of, read_case
from videtur.publication.services import export_package

pytestmark = pytest.mark.django_db


def record_of(package: Path) -> dict[str, Any]:
    return json.loads((package / "data/record/case.json").read_text())


def test_originals_are_named_by_their_bytes_and_unaltered(made: Made) -> None:
    names = {path.name for path in (made.package / "data/originals").iterdir()}
    assert names == {
        f"{made.items[0].sha256}.mp4",
        f"{made.items[1].sha256}.mkv",
        f"{made.shared.sha256}.mp4",
    }
    assert (made.package / f"data/originals/{made.items[0].sha256}.mp4").read_bytes() == b"first film" * 5000


def test_the_reference_implementation_of_bagit_accepts_it(made: Made) -> None:
    bag = bagit.Bag(str(made.package))
    bag.validate()
    algorithms: list[str] = bag.algorithms
    assert set(algorithms) == {"sha256", "sha512"}
    assert bag.version_info == (1, 0)


def test_every_name_is_plain_ascii(made: Made) -> None:
    for path in made.package.rglob("*"):
        name = path.relative_to(made.package).as_posix()
        assert name.isascii()
        assert name.replace("/", "").replace(".", "").replace("-", "").isalnum(), name


def test_entries_are_canonical_and_proven_under_the_one_checkpoint(made: Made) -> None:
    verifier = load_ledger_verifier(made.house.workspace)
    entries = sorted((made.package / "proof/entries").glob("*.entry"))
    assert len(entries) > 15
    for path in entries:
        body = path.read_bytes()
        assert canonical_json(json.loads(body)) == body
        proof = EntryProof.from_text(path.with_suffix(".tlog-proof").read_text())
        assert proof.index == int(path.stem)
        head = proof.verify(leaf_hash(body), [verifier])
        assert head.size == made.exported.row.checkpoint_size


def test_every_row_of_the_record_stands_in_its_entry(made: Made) -> None:
    record = record_of(made.package)
    parts: list[dict[str, Any]] = [part for section in SECTIONS for part in record[section]]
    assert len(parts) > 20
    for part in parts:
        if part["ledger_index"] is not None:
            entry = json.loads((made.package / f"proof/entries/{part['ledger_index']}.entry").read_text())
            assert part["row"] in [recorded["row"] for recorded in entry["rows"]]


def test_an_item_first_received_for_another_case_is_told_by_its_bytes_alone(made: Made) -> None:
    (shared,) = [part for part in record_of(made.package)["items"] if part["ledger_index"] is None]
    assert shared["row"]["sha256"] == made.shared.sha256
    assert set(shared["row"]) == {"id", "sha256", "sha512", "size"}


def test_nothing_of_another_case_leaves(made: Made) -> None:
    foreign = [made.foreign.sha256, made.foreign.sha512, str(made.foreign.id), str(made.other_case.thing)]
    for path in made.package.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for canary in (*CANARIES, *foreign):
                assert canary.encode() not in content, (path, canary)
            assert b'"relation_count"' not in content  # it counts copies in other cases, too


def test_only_entries_of_the_case_and_of_its_examination_are_there(made: Made) -> None:
    inside = {int(path.stem) for path in (made.package / "proof/entries").glob("*.entry")}
    assert inside
    for entry in Entry.objects.filter(index__lt=made.exported.row.checkpoint_size):
        content = entry_content(entry)
        if content["case"] is not None:
            assert (entry.index in inside) == (content["case"] == made.case.slug)


def test_formulas_in_the_custody_table_are_marked_and_come_back(made: Made) -> None:
    text = (made.package / "data/record/custody.csv").read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    names = {original(row["file_name"]) for row in rows}
    assert "+second.mkv" in names
    assert any(name.startswith("=cmd|calc!A0 <script>") for name in names)
    assert any(original(row["text"]) == "=1+1 is heard" for row in rows)
    assert all(row["item_sha256"] for row in rows if row["table"] in ("evidence_capture", "evidence_item"))


def test_the_export_is_an_entry_that_names_the_package(made: Made) -> None:
    row = PackageExport.objects.get(id=made.exported.row.id)
    content = entry_content(Entry.objects.get(index=row.entry_index))
    assert (content["verb"], content["case"]) == ("publication.package.exported", made.case.slug)
    assert row.entry_index >= row.checkpoint_size  # the checkpoint was signed before, and says so
    assert len(row.tag_manifest_sha256) == 64


def test_a_second_export_tells_of_the_first(made: Made, tmp_path: Path) -> None:
    again = export_package(ACTOR, made.case, tmp_path / "again", made.house)
    first = made.exported.row.entry_index
    assert again.row.checkpoint_size > first
    assert (tmp_path / f"again/proof/entries/{first}.entry").is_file()


def test_a_place_that_is_taken_is_refused_and_left_alone(made: Made, tmp_path: Path) -> None:
    before = size()
    for taken in (tmp_path / "folder", tmp_path / "file", tmp_path / "link"):
        if taken.name == "folder":
            taken.mkdir()
        elif taken.name == "file":
            taken.write_text("kept")
        else:
            taken.symlink_to("nowhere")
        with pytest.raises(WrongUsage, match="is there already"):
            export_package(ACTOR, made.case, taken, made.house)
    with pytest.raises(WrongUsage, match="is not a folder"):
        export_package(ACTOR, made.case, tmp_path / "no/where", made.house)
    with pytest.raises(WrongUsage, match="inside the workspace"):
        export_package(ACTOR, made.case, made.house.workspace.root / "out", made.house)
    assert (tmp_path / "file").read_text() == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "link"]
    assert size() == before


def test_a_damaged_original_stops_the_export_and_leaves_nothing(made: Made, tmp_path: Path) -> None:
    case = create_case(ACTOR, "Damaged in store")
    item = receive(case, b"will be damaged", b"damaged.mp4")
    stored = made.house.store.open(item.object_key)
    path = Path(stored.name)
    stored.close()
    path.chmod(0o600)
    path.write_bytes(b"Will be damaged")
    before = size()
    with pytest.raises(StorageFailed, match="no longer holds the bytes"):
        export_package(ACTOR, case, tmp_path / "out", made.house)
    assert list(tmp_path.iterdir()) == []
    assert size() == before


def test_a_case_without_items_can_be_exported(made: Made, tmp_path: Path) -> None:
    case = create_case(ACTOR, "Nothing yet")
    exported = export_package(ACTOR, case, tmp_path / "out", made.house)
    assert exported.row.item_count == 0


def test_only_who_may_export_a_case_can(made: Made, tmp_path: Path) -> None:
    people = {
        name: create_user(ACTOR, name, f"{name} 8fkw02-lfkw") for name in ("lead", "analyst", "stranger")
    }
    add_member(ACTOR, made.case, people["lead"], "case_lead")
    add_member(ACTOR, made.case, people["analyst"], "analyst_1")
    for name in ("analyst", "stranger"):
        with pytest.raises(NotPermitted):
            export_package(people[name].actor, made.case, tmp_path / name, made.house)
    export_package(people["lead"].actor, made.case, tmp_path / "lead", made.house)
    assert [path.name for path in tmp_path.iterdir()] == ["lead"]


def test_progress_tells_of_every_byte(made: Made, tmp_path: Path) -> None:
    told: list[int] = []
    exported = export_package(ACTOR, made.case, tmp_path / "out", made.house, told.append)
    assert sum(told) == exported.size == sum(item.size for item in made.items)


def test_examination_in_common_with_another_item_is_left_out(made: Made) -> None:
    """An entry that also tells of an item of another case proves too much to leave the house."""
    case = create_case(ACTOR, "Own items alone")
    item = receive(case, b"own film", b"own.mp4")
    examine(item)
    together = [Result(BY_NAME["preview"].work(each), DONE) for each in (item.sha256, made.foreign.sha256)]
    record_results(together, {})
    record = read_case(case, sign_checkpoint(made.house.workspace))
    contents: list[dict[str, Any]] = [entry_content(entry) for entry in entries_of(record)]
    tables = [[part["table"] for part in content["rows"]] for content in contents]
    assert tables.count(["pipeline_derivation"]) == 1
    assert tables.count(["pipeline_derivation"] * 3) == 1
    assert ["pipeline_derivation"] * 2 not in tables
