"""A small case of the method with the people who work on it, for tests of its services."""

from dataclasses import dataclass

from tests.conftest import REPOSITORY
from videtur.cases.loading import load_case
from videtur.cases.models import Case
from videtur.cases.saving import save
from videtur.cases.services import add_member
from videtur.engines.method.case_file.reading import Reading, read_case
from videtur.engines.method.entities.verification import Finding, Hypothesis
from videtur.people.models import User
from videtur.people.services import create_user
from videtur.verification.services import (
    approve_finding,
    begin_review,
    draft_finding,
    sign_as_legal_reviewer,
    start_review_of_finding,
    submit_review,
    weigh,
)

ACTOR = "system:test"
GOLD = (REPOSITORY / "scripts" / "sample_case" / "gold_case.yaml").read_text(encoding="utf-8")
BRIDGE = """
schema: videtur-gold-case/0.1
id: bridge
as_of: 2022-05-01
parties:
- {id: AA, name: Alpha, kind: state}
- {id: MM, name: Monitors, kind: monitoring_body, party_to_conflict: false}
- {id: ZZ, name: Zeta, kind: state}
allegations:
- {id: AL1, text: Apparent soldiers of AA struck apparent prisoners of ZZ, against: AA,
   alleged_victims_side: ZZ,
   hedge: H0_alleged, footage: [FF1]}
footage:
- {id: FF1, kind: footage_family, preserved: true, claimed_setting: {text: soldiers of AA, by: the uploader},
   recording: {edtf: 2022-04-01}, first_known_upload: {edtf: 2022-04-02}, access: restricted}
- {id: FF2, kind: footage_family, access: restricted}
sources:
- {id: SF, kind: footage, footage: FF1, description: the film}
- {id: SR, kind: official_record, description: a register}
source_grades:
- {id: SG1, source: SR, source_reliability: B, information_credibility: 3, by: drafter,
   at: 2022-05-01, reason: kept daily}
independence:
- {id: IN1, between: [SF, SR], relation: independent, by: drafter, reason: two hands}
place_claims:
- {id: PC1, name_original: the bridge, kind: uploader_caption, place_role: place_of_recording, footage: FF1}
observations:
- {id: O1, footage: FF1, t: null, modality: visual, role: apparent_captor, act: striking_hand,
   target: apparent_captive,
   indicator_claim: AA, hedge: H1_appears}
"""
ASPECTS = {
    "provenance": "probable",
    "integrity": "probable",
    "date": "established",
    "location": "established",
    "event": "established",
    "completeness": "probable",
}


def read_well(text: str) -> Reading:
    """A reading without problems."""
    reading = read_case(text)
    assert not reading.problems, [problem.explain() for problem in reading.problems]
    return reading


@dataclass(frozen=True)
class Crew:
    """A case, and one person for each role of `member`."""

    case: Case

    def member(self, name: str, *roles: str) -> User:
        """An account with roles in the case."""
        user = create_user(ACTOR, name, "horse-battery-47-staple")
        for role in roles:
            add_member(ACTOR, self.case, user, role)
        return user


@dataclass(frozen=True)
class Workers:
    """Everybody it takes to approve a finding."""

    lead: User
    first: User
    second: User
    legal: User
    approver: User


def bridge() -> Crew:
    """The small case, loaded."""
    return Crew(load_case(ACTOR, None, read_well(BRIDGE)).case)


def workers(crew: Crew) -> Workers:
    """One person a role."""
    return Workers(
        crew.member("lead", "case_lead"),
        crew.member("first", "analyst_1"),
        crew.member("second", "analyst_2"),
        crew.member("legal", "legal_reviewer"),
        crew.member("approver", "publication_approver"),
    )


def review_twice(crew: Crew, people: Workers, of: str) -> tuple[str, str]:
    """Two reviews that agree."""
    names: list[str] = []
    for user, role in ((people.first, "analyst_1"), (people.second, "analyst_2")):
        review = begin_review(user, crew.case, of, role)
        aspects = ASPECTS if of.startswith("FF") else {}
        concurs = None if of.startswith("FF") else True
        submit_review(user, crew.case, review.id, aspects, "Looked at it twice", concurs)
        names.append(review.id)
    return names[0], names[1]


def finding_up_to_its_gate(crew: Crew, people: Workers) -> None:
    """A finding at reasonable grounds to believe with everything but the approval."""
    review_twice(crew, people, "FF1")
    finding = Finding.model_validate(
        {
            "id": "FD1",
            "allegation": "AL1",
            "text": "Prisoners were struck",
            "standard": "reasonable_grounds_to_believe",
            "footage": ["FF1"],
            "sources": ["SF", "SR"],
            "comment_not_sought_because": "Asking would put the prisoners at risk",
        }
    )
    draft_finding(people.lead, crew.case, finding)
    for number, kind in enumerate(("as_alleged", "staged_or_false_context", "party_mix_up"), start=1):
        hypothesis = Hypothesis.model_validate(
            {"id": f"H{number}", "finding": "FD1", "kind": kind, "text": kind}
        )
        save(people.lead, crew.case, hypothesis)
        weigh(people.lead, crew.case, f"H{number}", "SR", "The register says so", favours=number == 1)
    start_review_of_finding(people.lead, crew.case, "FD1")
    review_twice(crew, people, "FD1")
    sign_as_legal_reviewer(people.legal, crew.case, "FD1")


def approved_finding(crew: Crew, people: Workers) -> Finding:
    """A finding that stands."""
    finding_up_to_its_gate(crew, people)
    return approve_finding(people.approver, crew.case, "FD1")
