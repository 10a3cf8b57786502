"""The gold case's way through the method, each step by the person whose task it is.

It stops where the method stops: the finding that is drafted here does not pass its gate.
"""

from typing import TYPE_CHECKING

from scripts.sample_case.clips import GOLD_FILMS
from scripts.sample_case.people import ANALYST_ONE, ANALYST_TWO, APPROVER, ARBITER, LEAD, LEGAL, Person
from videtur.engines.method.entities.accountability import RequestForComment
from videtur.engines.method.entities.evidence import Independence, Source, SourceGrade
from videtur.engines.method.entities.footage import Observation
from videtur.engines.method.entities.verification import Finding, Hypothesis, NeededFact, ProvisionMapping

if TYPE_CHECKING:
    from videtur.cases.models import Case
    from videtur.people.models import User

FINDING = "F-1"
Judged = tuple[dict[str, str], str]
"""What a review says of the aspects, and why."""
REVIEWS: dict[str, tuple[Judged, Judged]] = {
    "FF1": (
        (
            {
                "provenance": "probable",
                "integrity": "indeterminate",
                "date": "probable",
                "location": "in_progress",
                "event": "established",
            },
            "Five versions laid over one another; no cut found in the longest; it shows what is reported",
        ),
        (
            {
                "provenance": "indeterminate",
                "integrity": "indeterminate",
                "date": "probable",
                "location": "in_progress",
                "event": "indeterminate",
            },
            "What leads to the scene is not in the film; no expert has looked at sound and picture together",
        ),
    ),
    "FG2": (
        (
            {"provenance": "indeterminate", "date": "in_progress", "event": "indeterminate"},
            "A film and its mirrored copy; who made it and when is not known",
        ),
        (
            {"provenance": "indeterminate", "date": "in_progress", "event": "probable"},
            "One recording twice; the persons appear to lie on the ground throughout",
        ),
    ),
}


def walk(people: "dict[Person, User]", case: "Case") -> None:
    """From the files in their families to a finding that may not be made yet."""
    _put_in_families(people[ANALYST_ONE], case)
    _grade_sources(people[ANALYST_ONE], case)
    for family in REVIEWS:
        _assign(people, case, family, (ANALYST_ONE, ANALYST_TWO, ARBITER))
    _review(people, case)
    _draft_finding(people, case)
    _assign(people, case, FINDING, (LEGAL, APPROVER))
    _weigh(people[ANALYST_ONE], case)
    _review_finding(people, case)
    _map(people[LEGAL], case)
    _follow_up(people, case)


def _put_in_families(analyst: "User", case: "Case") -> None:
    from scripts.sample_case.walk import item_named
    from videtur.evidence.contributions import item_name
    from videtur.footage.family_steps import attach_items, set_aspect

    for name, film in zip(("FF1", "FG2"), GOLD_FILMS, strict=True):
        items = [item_name(item_named(case, version.name).sha256) for version in film.versions]
        attach_items(analyst, case, name, items)
    # The other side's films are looked at as soon as they are in: the same for every side.
    for aspect in ("date", "location", "event"):
        set_aspect(
            analyst, case, "FG2", aspect, "in_progress", "First look taken on the day the films came in"
        )


def _grade_sources(analyst: "User", case: "Case") -> None:
    from videtur.cases.saving import save

    post = Source(id="SRC1", kind="media_report", description="The news post that opened the case")
    relay = Source(
        id="SRC2", kind="media_report", description="A site that relays the news post", relays="SRC1"
    )
    adviser = Source(
        id="SRC3", kind="official_statement", description="An adviser's interview of 27 March", party="UA"
    )
    for source in (post, relay, adviser):
        save(analyst, case, source)
    for name, source, letter, digit, why in (
        (
            "GR1",
            "SRC1",
            "B",
            3,
            "Named desk and byline; the mission's words at first hand, the film at second",
        ),
        ("GR2", "SRC2", "C", 3, "Repeats the post and adds nothing of its own"),
    ):
        grade = SourceGrade(
            id=name,
            source=source,
            source_reliability=letter,
            information_credibility=digit,
            by=analyst.actor,
            at="2022-03-28",
            reason=why,
        )
        save(analyst, case, grade)
    save(
        analyst,
        case,
        Independence(
            id="IN1",
            between=("SRC1", "SRC2"),
            relation="derived_from",
            by=analyst.actor,
            reason="The relay quotes the post and names it",
        ),
    )


def _assign(people: "dict[Person, User]", case: "Case", on: str, persons: tuple[Person, ...]) -> None:
    from videtur.cases.framing import assign

    for person in persons:
        assign(people[LEAD], case, people[person], person.role, on)


def _review(people: "dict[Person, User]", case: "Case") -> None:
    """Both sides' footage twice, blind: who begins before the other submits has seen nothing of theirs."""
    from videtur.verification.services import arbitrate, begin_review, submit_review

    pairs: dict[str, list[str]] = {}
    for family, (first, second) in REVIEWS.items():
        begun = [
            begin_review(people[person], case, family, person.role).id
            for person in (ANALYST_ONE, ANALYST_TWO)
        ]
        for person, name, (aspects, reason) in zip(
            (ANALYST_ONE, ANALYST_TWO), begun, (first, second), strict=True
        ):
            submit_review(people[person], case, name, aspects, reason)
        pairs[family] = begun
    arbitrate(
        people[ARBITER],
        case,
        "FF1",
        (pairs["FF1"][0], pairs["FF1"][1]),
        {"event": "probable"},
        "Both see the same; how it came about stays open until an expert has spoken",
    )


def _draft_finding(people: "dict[Person, User]", case: "Case") -> None:
    from videtur.cases.saving import save
    from videtur.verification.services import draft_finding, start_review_of_finding

    analyst = people[ANALYST_ONE]
    finding = Finding(
        id=FINDING,
        allegation="AL1",
        text="Apparent soldiers shot apparent prisoners in the legs, Kharkiv region",
        standard="reasonable_grounds_to_believe",
        footage=("FF1",),
        sources=("SRC1",),
        observations=tuple(_observations_of("FF1", case)),
        comment="RFC2",
    )
    draft_finding(analyst, case, finding)
    explanations = (
        Hypothesis(
            id="H-1", finding=FINDING, kind="as_alleged", text="It happened as alleged", examined=False
        ),
        Hypothesis(
            id="H-2",
            finding=FINDING,
            kind="staged_or_false_context",
            text="The scene is staged, or from elsewhere",
            examined=False,
        ),
        Hypothesis(
            id="H-3", finding=FINDING, kind="party_mix_up", text="The parties are mixed up", examined=False
        ),
    )
    for explanation in explanations:
        save(analyst, case, explanation)
    start_review_of_finding(analyst, case, FINDING)


def _observations_of(family: str, case: "Case") -> list[str]:
    """Observations with a time code; what a source says of the film without one carries nothing."""
    from videtur.cases.case_file import case_file_of

    observations = case_file_of(case).named(Observation)
    return [name for name, each in observations.items() if each.footage == family and each.t is not None]


def _weigh(analyst: "User", case: "Case") -> None:
    from videtur.verification.services import weigh

    for hypothesis, evidence, favours, why in (
        ("H-1", "K7", True, "Tells the longest version minute by minute; a doctor named by trade has looked"),
        ("H-1", "K5", True, "Weather and troop movement suggest the early hours of 26 March"),
        ("H-2", "K1", True, "An official says that such films are staged; no film is named"),
        ("H-2", "K5", False, "Surgeons: few screams are no proof of staging"),
        ("H-2", "K6", False, "Looked for signs against it and found none"),
        ("H-3", "K5", True, "Armbands alone do not settle whose men they are"),
    ):
        weigh(analyst, case, hypothesis, evidence, why, favours)


def _review_finding(people: "dict[Person, User]", case: "Case") -> None:
    """The first review is in; the second is begun, and its reviewer sees nothing of the first."""
    from videtur.verification.services import begin_review, submit_review

    begin_review(people[ANALYST_TWO], case, FINDING, "analyst_2")
    one = begin_review(people[ANALYST_ONE], case, FINDING, "analyst_1")
    reason = "The film and the post say the same; what other explanations there are was weighed"
    submit_review(people[ANALYST_ONE], case, one.id, {}, reason, concurs=True)


def _map(reviewer: "User", case: "Case") -> None:
    """The same provision beside the allegation against each side, with the facts that it lacks."""
    from videtur.verification.services import map_provision

    for name, allegation, party in (("PM1", "AL1", "UA"), ("PM2", "AL2", "RU")):
        mapping = ProvisionMapping(
            id=name,
            provision="GC3-13",
            of=allegation,
            party=party,
            date="2022-03-27",
            needs=(
                NeededFact(need="The persons are prisoners of war in the power of the party", met="unknown"),
                NeededFact(need="They were ill-treated, or exposed to public curiosity", met="unknown"),
            ),
        )
        map_provision(reviewer, case, mapping)


def _follow_up(people: "dict[Person, User]", case: "Case") -> None:
    """The other state is to be asked too; and a later fact changes what its file leaves open."""
    from videtur.accountability.services import accept_reading, draft_request

    request = RequestForComment(
        id="RFC4",
        by="this house (sample)",
        to="RU",
        about="The videos of FG2",
        allegation="AL2",
        status="drafted",
        text="Videos appear to show persons held by your side being mistreated. Were they examined, by which "
        "authority, and with what result? We ask for your comment before anything is published.",
    )
    draft_request(people[ANALYST_TWO], case, request)
    accept_reading(people[LEAD], case, "FU7", {"CM1": "in_progress_evidenced"})
