"""What an export tells of the method, and what of it stays in the house."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.method_case import BRIDGE, Crew, approved_finding, read_well, workers
from tests.publication.conftest import ACTOR, Made, examine, receive
from tests.publication.tampering import run_script, seal_again
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import put
from videtur.cases.loading import load_case
from videtur.engines.method.case_file.reading import read_case
from videtur.engines.method.entities.evidence import Source
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.publication import ExposureLog
from videtur.engines.method.entities.verification import Finding
from videtur.evidence.contributions import item_name
from videtur.evidence.item_steps import describe_item
from videtur.ledger.keys import load_ledger_key
from videtur.publication.package_verification import verify_package
from videtur.publication.services import export_package, issue_report

pytestmark = pytest.mark.django_db
SECRETS = ("canary-sealed", "canary-loaded", "canary-once-open", "canary watched", "canary-unseen")


@pytest.fixture
def crew(made: Made) -> Crew:
    text = BRIDGE.replace(
        "source_grades:",
        "- {id: SL, kind: interview, access: sealed, private_name: canary-loaded}\nsource_grades:",
    )
    return Crew(load_case(ACTOR, None, read_well(text)).case)


def told(package: Path) -> Iterator[tuple[str, str]]:
    for path in package.rglob("*"):
        if path.is_file():
            yield path.relative_to(package).as_posix(), path.read_bytes().decode("utf-8", "replace")


def test_a_package_holds_the_method_and_nothing_that_is_sealed(
    crew: Crew, made: Made, tmp_path: Path
) -> None:
    people = workers(crew)
    approved_finding(crew, people)
    shown, hidden = (
        receive(crew.case, b"to be seen", b"a.mp4"),
        receive(crew.case, b"canary-unseen", b"b.mp4"),
    )
    for item in (shown, hidden):
        examine(item)
    family = {"id": "FF7", "kind": "footage_family", "items": [item_name(shown.sha256)]}
    put(ACTOR, crew.case, "footage.family.opened", FootageFamily.model_validate(family))
    describe_item(people.lead, crew.case, item_name(hidden.sha256), sexual_violence=True)
    for given in (
        {"id": "SX", "kind": "interview", "access": "sealed", "private_name": "canary-sealed"},
        {"id": "SY", "kind": "interview", "description": "canary-once-open"},
        {"id": "SY", "kind": "interview", "description": "canary-once-open", "access": "sealed"},
    ):
        put(ACTOR, crew.case, "evidence.source.added", Source.model_validate(given))
    log = {
        "id": "EX1", "person": people.first.actor, "item": item_name(shown.sha256), "minutes": 1.5,
        "at": "2022-01-01T00:00:00Z", "note": "canary watched",
    }  # fmt: skip
    put(ACTOR, crew.case, "publication.exposure.recorded", ExposureLog.model_validate(log))

    package = tmp_path / "package"
    exported = export_package(ACTOR, crew.case, package, made.house)
    assert verify_package(package, exported.key_fingerprint).ok
    assert run_script(package, "--key-fingerprint", exported.key_fingerprint).accepted
    for name, text in told(package):
        for secret in (*SECRETS, hidden.sha256, item_name(hidden.sha256)):
            assert secret not in text, name
            assert secret not in name
    case = read_case((package / "data/record/case.yaml").read_text(encoding="utf-8")).case
    assert {"FD1", "AL1", "FF1", "SR", item_name(shown.sha256)} <= case.references
    record = json.loads((package / "data/record/case.json").read_text())
    references = {part["row"]["reference"] for part in record["entities"]}
    assert {"FD1", "AL1", "FF1", "SR"} <= references
    assert not references & {"SL", "SX", "SY", "EX1"}
    assert case_file_of(crew.case).find("SL") is not None


def test_a_changed_row_of_the_method_is_found(crew: Crew, made: Made, tmp_path: Path) -> None:
    package = tmp_path / "package"
    exported = export_package(ACTOR, crew.case, package, made.house)
    path = package / "data/record/case.json"
    path.write_text(path.read_text().replace("Apparent soldiers of AA", "Soldiers of AA"))
    seal_again(package, load_ledger_key(made.house.workspace))
    verdict = verify_package(package, exported.key_fingerprint)
    assert any("entities[" in problem.what for problem in verdict.report.problems)


def test_a_report_quotes_people_and_prints_no_finding_that_is_not_approved(
    crew: Crew, made: Made, tmp_path: Path
) -> None:
    people = workers(crew)
    draft = {"id": "FD9", "allegation": "AL1", "text": "A draft that nobody approved", "footage": ["FF1"]}
    finding = Finding.model_validate({**draft, "standard": "reasonable_grounds_to_suspect"})
    put(ACTOR, crew.case, "verification.finding.drafted", finding)
    approved_finding(crew, people)
    out = tmp_path / "report.json"
    issue_report(ACTOR, crew.case, out, made.house)
    report = json.loads(out.read_text())
    sections = {section["heading"]: section for section in report["sections"]}
    (found, waiting) = sections["Findings"]["statements"]
    assert found["quotation"] == "Prisoners were struck"
    assert "reasonable grounds to believe" in found["text"]
    assert "nothing is found by it" in waiting["text"]
    assert "nobody approved" not in out.read_text()
    assert "canary" not in out.read_text()
    (alleged,) = sections["Allegations"]["statements"]
    assert alleged["level"].startswith("H0")
    assert "FF1 is verified" in sections["Status of footage"]["statements"][0]["text"]
    html = tmp_path / "report.html"
    issue_report(ACTOR, crew.case, html, made.house)
    assert "Prisoners were struck" in html.read_text()
