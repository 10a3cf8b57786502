"""The further parts of a generated case: findings through their gates, and accountability."""

from typing import Any

from tests.engines.method.generated import (
    BODY,
    NOW,
    OTHER_KINDS,
    ROLES,
    Builder,
    grade,
    make_footage,
    review,
)
from videtur.engines.method.entities import accountability, evidence, verification

_SCOPES = {
    "reasonable_grounds_to_suspect": ("incident_facts", "attribution_to_party"),
    "reasonable_grounds_to_believe": ("incident_facts", "attribution_to_party"),
    "balance_of_probabilities": ("attribution_to_party", "attribution_to_unit"),
    "clear_and_convincing": ("attribution_to_unit", "individual_responsibility"),
}


def irreducible(made: Builder, allegation: str) -> tuple[str, ...]:
    """A conflict about an allegation that is reported as irreducible, made once where the dice say so."""
    if allegation not in made.irreducible:
        made.irreducible[allegation] = (
            (_conflict(made, allegation, "irreducible_reported"),) if made.maybe(0.3) else ()
        )
    return made.irreducible[allegation]


def _conflict(made: Builder, about: str, status: str) -> str:
    claims = tuple(
        made.add(
            verification.Claim,
            id=made.name("K"),
            date="2024-02-25",
            by=f"{made.random.choice(made.sides)} spokesman",
            kind=made.random.choice(("denial", "allegation", "staged_claim")),
            gist="says how it was",
            about=about,
        )
        for _ in range(2)
    )
    return made.add(
        verification.Conflict,
        id=made.name("X"),
        kind=made.random.choice(("fact", "date", "attribution")),
        between=claims,
        status=status,
        result="the longer version settles it" if status == "resolved" else None,
    )


def finding(made: Builder, standard: str, number: int) -> None:
    """An approved finding that passes the gate of its standard."""
    name, allegation = f"FI{number + 1}", f"AL{number % made.plan.sides + 1}"
    suspect = standard == "reasonable_grounds_to_suspect"
    bare = made.plan.without_footage and number == 0 and not suspect
    families: tuple[str, ...] = () if bare else (_verified(made),)
    sources = _two_good_sources(made) if bare else _beside(made, next(iter(families)))
    beyond: dict[str, Any] = {}
    if standard in ("balance_of_probabilities", "clear_and_convincing"):
        beyond = {"external_record": source(made, "official_record"), "arbiter": "an_arbiter"}
    if standard == "clear_and_convincing":
        beyond |= {"access": "sealed", "mandated_body": "a court with a mandate"}
    if made.maybe():
        beyond["comment"] = f"RFC{number % made.plan.sides + 1}"
    else:
        beyond["comment_not_sought_because"] = "asking would endanger a witness"
    observations = [name for family in families for name in made.observed[family][:2]]
    made.add(
        verification.Finding,
        id=name,
        allegation=allegation,
        scope=made.random.choice(_SCOPES[standard]),
        text="Apparent captives were hurt",
        standard=standard,
        status="approved",
        footage=families,
        sources=sources,
        observations=tuple(observations),
        legal_reviewer="a_lawyer",
        approver="an_approver",
        conflicts_shown=irreducible(made, allegation),
        **beyond,
    )
    made.findings.append(name)
    for role in ROLES:
        review(made, name, role, concurs=True, evidence=tuple(observations))
    weighed = tuple(verification.Weighed(evidence=each, why="it is seen there") for each in observations)
    for kind in ("as_alleged", "staged_or_false_context", "party_mix_up"):
        seen = weighed if made.maybe() else ()
        made.add(
            verification.Hypothesis,
            id=made.name("HY"),
            finding=name,
            kind=kind,
            text="what may have happened",
            evidence_for=seen if kind == "as_alleged" else (),
            evidence_against=() if kind == "as_alleged" else seen,
            examined=not seen or made.maybe(),
        )
    if standard != "reasonable_grounds_to_suspect":
        made.add(
            verification.ProvisionMapping,
            id=made.name("PM"),
            provision="GC3-13",
            of=name,
            status="legal_review_passed",
            by="a_lawyer",
            reason="each fact that it needs is found",
            needs=(verification.NeededFact(need="captivity", met="yes"),),
        )
    made.add(verification.ProvisionMapping, id=made.name("PM"), provision="GC3-14", of=allegation)


def _verified(made: Builder) -> str:
    for name, kind in made.families.items():
        if kind in ("verified", "arbitrated"):
            return name
    return make_footage(made, "verified", len(made.families))


def source(made: Builder, kind: str) -> str:
    """A source of that kind."""
    return made.add(evidence.Source, id=made.name("SR"), kind=kind)


def _beside(made: Builder, family: str) -> tuple[str, ...]:
    """A source of another kind, recorded as independent of the footage."""
    name = source(made, made.random.choice(OTHER_KINDS))
    _independent(made, f"SF{family}", name)
    grade(made, name, made.random.choice("ABC"), made.random.randint(3, 4))
    return (name,)


def _two_good_sources(made: Builder) -> tuple[str, ...]:
    names = source(made, "interview"), source(made, "site_visit")
    _independent(made, *names)
    for name in names:
        grade(made, name, made.random.choice("AB"), made.random.randint(1, 3), names)
    return names


def _independent(made: Builder, first: str, second: str) -> None:
    pair = (first, second) if made.maybe() else (second, first)
    made.add(evidence.Independence, id=made.name("IN"), between=pair, relation="independent", by="an_analyst")


def work_of_accountability(made: Builder) -> None:
    """Claims, statements, a call to all sides, commitments with and without a legal step, deadlines."""
    pick = made.random.choice
    sides = tuple(made.sides)
    made.add(
        accountability.Call,
        id="C1",
        from_=BODY,
        to=sides,
        text_same_for_all=True,
        texts={side: f"The {side} party is asked to investigate" for side in sides} if made.maybe() else {},
        date="2024-03-02",
        about=pick(((), ("AL1", "AL2"), ("AL1",))),
        asks=("full_investigation_of_allegations",),
        status=dict.fromkeys(sides, pick(("issued", "acknowledged", "accepted"))),
    )
    made.add(
        accountability.Call,
        id="C2",
        from_=BODY,
        to=sides[:1],
        date="2024-03-03",
        about=("AL1",),
        status={sides[0]: pick(("drafted", "approved"))},
        reason_for_one_side=pick((None, "the other side was asked last week")),
    )
    made.add(
        accountability.Statement,
        id="S1",
        speaker="Head of mission",
        body=BODY,
        kind="call",
        date="2024-03-02",
        call="C1",
        to=sides,
        gist="asks all sides to investigate",
    )
    made.add(evidence.Capture, id="CA0", url="https://example.org/1", at=NOW)
    made.add(
        accountability.Statement,
        id="S2",
        speaker="a minister",
        body=sides[0],
        kind=pick(("denial", "staged_claim", "commitment")),
        date="2024-03-02",
        quote=" ".join(["word"] * made.random.randint(1, 25)),
        capture="CA0",
    )
    for number, side in enumerate(sides):
        step = accountability.LegalStep(authority="a prosecutor", number="1/24") if made.maybe() else None
        made.add(
            accountability.Commitment,
            id=f"CM{number + 1}",
            by=side,
            what="an investigation",
            about=f"AL{number + 1}",
            announced="2024-03-03",
            status=pick(("legal_step_evidenced", "in_progress_evidenced"))
            if step
            else pick(("announced", "repeated")),
            legal_step=step,
        )
    for about in ("C1", "CM1"):
        made.add(
            accountability.Deadline,
            id=made.name("DL"),
            about=about,
            kind="follow_up",
            due="2024-04-01T12:00:00+02:00",
            **({"done": NOW, "done_because": "a letter came"} if made.maybe() else {}),
        )
    made.add(accountability.FollowUp, date="2024-06-01", fact="a prosecutor named a number")
    _conflict(made, pick(("AL1", "AL2")), "resolved")
    for name, kind in made.families.items():
        if kind in ("in_process", "placeholder") and made.maybe():
            made.open_conflicts.append(_conflict(made, name, "open"))
