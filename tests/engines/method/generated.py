"""Random cases that break nothing: two to three sides, footage, sources, reviews, findings, calls, releases.

Hypothesis draws the plan, so that a failing case shrinks to few parts; the details come from a seed.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st

from videtur.engines.method.entities import accountability, case, evidence, footage, verification
from videtur.engines.method.entities.base import Entity

_E = TypeVar("_E", bound=Entity)
CODES = ("AB", "CD", "EF", "GH", "RU", "UA")
KINDS_OF_FOOTAGE = (
    "verified",
    "arbitrated",
    "partly_verified",
    "in_process",
    "preserved",
    "placeholder",
    "words",
)
STANDARDS = (
    "reasonable_grounds_to_suspect",
    "reasonable_grounds_to_believe",
    "balance_of_probabilities",
    "clear_and_convincing",
)
ASPECTS = (
    "provenance",
    "source",
    "motivation",
    "integrity",
    "date",
    "location",
    "event",
    "affiliation",
    "completeness",
)
BODY, NEWSROOM = "MISSION", "NEWS"
OTHER_KINDS = ("interview", "site_visit", "medical_opinion", "satellite", "official_record", "other_camera")
DIGEST = "0123456789abcdef" * 4
NOW = "2024-03-10T12:00:00+00:00"


@dataclass(frozen=True)
class Plan:
    """What the case holds."""

    seed: int
    sides: int
    """How many parties to the conflict; each is alleged against once."""
    footage: tuple[str, ...]
    """The kind of each footage family; the allegations take them in turn."""
    findings: tuple[str, ...]
    """The standard of each approved finding."""
    without_footage: bool
    """Whether the first finding rests on two independent sources instead."""
    releases: int
    accountability: bool
    details: bool
    """Indicators, places, leads, deletions and the like."""


COMPLETE = ("verified", "in_process", "placeholder")
"""Footage of which every mutation finds something to break."""


def plans(complete: bool = False) -> st.SearchStrategy[Plan]:
    """Plans of cases; complete ones hold something of every kind that a rule is about."""
    whole = st.just(True)
    return st.builds(
        Plan,
        seed=st.integers(0, 2**32),
        sides=st.integers(2, 3),
        footage=st.just(COMPLETE)
        if complete
        else st.lists(st.sampled_from(KINDS_OF_FOOTAGE), max_size=4).map(tuple),
        findings=st.sampled_from([STANDARDS[1:2], STANDARDS[2:3], STANDARDS[1:3]])
        if complete
        else st.lists(st.sampled_from(STANDARDS), max_size=2).map(tuple),
        without_footage=st.just(False) if complete else st.booleans(),
        releases=st.just(1) if complete else st.integers(0, 2),
        accountability=whole if complete else st.booleans(),
        details=whole if complete else st.booleans(),
    )


@dataclass
class Builder:
    """A case as it grows, with the names by which tests find its parts."""

    plan: Plan
    random: random.Random
    entities: list[Entity] = field(default_factory=list[Entity])
    sides: list[str] = field(default_factory=list[str])
    families: dict[str, str] = field(default_factory=dict[str, str])
    """The kind of each family."""
    observed: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    findings: list[str] = field(default_factory=list[str])
    irreducible: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Conflicts of each allegation that are reported as irreducible."""
    open_conflicts: list[str] = field(default_factory=list[str])
    numbers: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, kind: Callable[..., Entity], /, **fields: Any) -> str:
        """Add an entity and give its name."""
        entity = kind(**fields)
        self.entities.append(entity)
        return entity.reference

    def name(self, prefix: str) -> str:
        """The next name with that prefix."""
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return f"{prefix}{self.numbers[prefix]}"

    def of(self, kind: type[_E], name: str) -> _E:
        """The entity of that kind and name."""
        return next(each for each in self.entities if isinstance(each, kind) and each.reference == name)

    def maybe(self, share: float = 0.5) -> bool:
        """Yes or no."""
        return self.random.random() < share


def parties(made: Builder) -> None:
    """Parties, allegations against each of them, and a request for comment to each."""
    made.sides = made.random.sample(CODES, made.plan.sides)
    for code in (*made.sides, BODY, NEWSROOM):
        kind = {BODY: "monitoring_body", NEWSROOM: "newsroom"}.get(code, "state")
        made.add(case.Party, id=code, name=f"The {code} party", kind=kind)
    if made.maybe():
        made.add(case.Neutrality, party_order="alphabetical", named_private_persons="none")
    if made.maybe():
        made.add(case.HouseRules, likelihood_scale="icd203", stale_after_days=made.random.randint(30, 120))
    if made.maybe():
        grade = case.Grade(source_reliability="B", information_credibility=made.random.randint(3, 6))
        made.add(case.SourceArticle, publisher="a newspaper", grade=grade)
    last = made.random.randint(500, 900)
    made.add(case.LedgerState, last_index=last, entries=last + 1)
    footage = [f"FF{number + 1}" for number in range(len(made.plan.footage))]
    for number, side in enumerate(made.sides):
        reached = [
            standard
            for place, standard in enumerate(made.plan.findings)
            if place % made.plan.sides == number and made.maybe(0.8)
        ]
        made.add(
            case.Allegation,
            id=f"AL{number + 1}",
            text=f"Apparent mistreatment of apparent prisoners by the side of {side}",
            against=side,
            alleged_victims_side=made.sides[number - 1],
            first_known="2024-02-20",
            hedge=made.random.choice((None, "H0_alleged", "H1_appears")),
            standard=made.random.choice(("none", min(reached, key=STANDARDS.index))) if reached else "none",
            footage=tuple(footage[number :: made.plan.sides]),
        )
    allegations = tuple(f"AL{number + 1}" for number in range(made.plan.sides))
    made.add(case.SymmetryGroup, id="SG1", allegations=allegations)
    for number, side in enumerate(made.sides):
        made.add(
            accountability.RequestForComment,
            id=f"RFC{number + 1}",
            by=BODY,
            to=made.random.choice((side, f"{side} (defence ministry)", f"The {side} party")),
            allegation=f"AL{number + 1}",
            sent="2024-03-01",
            deadline="2024-03-15T12:00:00+00:00",
            status=made.random.choice(("sent", "answered_full", "no_reply_by_deadline", "declined")),
        )


def make_footage(made: Builder, kind: str, number: int) -> str:
    """A footage family of that kind with its items, observations, source and reviews."""
    name = f"FF{number + 1}"
    made.families[name] = kind
    made.observed[name] = []
    stated = made.maybe()
    status = {"placeholder": "in_process", "words": "in_process", "arbitrated": "verified"}.get(kind, kind)
    if kind == "placeholder":
        given: dict[str, Any] = (
            {"status_at_as_of": status, "independent_source_count": "unknown"} if stated else {}
        )
        made.add(footage.FootageFamily, id=name, kind="placeholder_set", described=False, **given)
        return name
    held = kind != "words"
    items = tuple(_item(made, name) for _ in range(made.random.randint(1, 3))) if held else ()
    made.add(
        footage.FootageFamily,
        id=name,
        kind="footage_family",
        recording=footage.DatedBy(edtf=made.random.choice(("../2024-02-20", "2024-02-18/2024-02-20"))),
        first_known_upload=footage.DatedBy(edtf="2024-02-20"),
        aspects=_aspects(made, kind),
        items=items if made.maybe() else (),
        distress="severe" if made.maybe() else "mild",
        **({"status_at_as_of": status, "independent_source_count": 1} if stated else {}),
    )
    made.add(evidence.Source, id=f"SF{name}", kind="footage", footage=name, anonymous=True)
    digit = 2 if status == "verified" and made.maybe() else made.random.randint(3, 6)
    grade(made, f"SF{name}", "F", digit)
    if held:
        for _ in range(made.random.randint(1, 3)):
            _observation(made, name, items)
    if kind in ("verified", "arbitrated"):
        _two_reviews(made, name, kind == "arbitrated")
    return name


def _item(made: Builder, family: str) -> str:
    name = made.name("IT")
    digest = f"{made.random.getrandbits(256):064x}"
    checks = tuple(evidence.Fixity(checked_at=NOW, sha256=digest) for _ in range(made.random.randint(1, 2)))
    made.add(
        evidence.Item,
        id=name,
        sha256=digest,
        size=made.random.randint(1, 10**9),
        footage=family,
        received=NOW,
        ledger_index=made.random.randint(0, 499),
        fixity=checks,
        distress=made.random.choice((None, "none", "severe", "extreme")),
        thumbnail=made.random.choice(("hidden", "blurred")),
        access="restricted",
    )
    if made.maybe():
        posted = made.random.choice(("2024-02-20", "2024-02-20/2024-02-24", "2024-02-23"))
        made.add(evidence.Publication, id=made.name("PU"), item=name, posted_at=posted)
    return name


def _aspects(made: Builder, kind: str) -> dict[str, str]:
    if kind in ("verified", "arbitrated"):
        aspects: dict[str, str] = {"date": "established", "location": "established", "event": "established"}
        for each in ("integrity", "provenance"):
            aspects[each] = made.random.choice(("probable", "established"))
        aspects["completeness"] = made.random.choice(("probable", "indeterminate", "established"))
        aspects["affiliation"] = made.random.choice(("indeterminate", "not_examined", "contradicted"))
        return aspects
    if kind == "partly_verified":
        open_one = made.random.choice(("date", "location", "event"))
        aspects = {each: "probable" for each in ("date", "location", "event") if each != open_one}
        return {
            **aspects,
            open_one: "established",
            "integrity": made.random.choice(("probable", "indeterminate")),
        }
    if kind == "preserved":
        return dict.fromkeys(made.random.sample(ASPECTS, 3), "not_examined")
    return {
        each: made.random.choice(("in_progress", "probable", "indeterminate"))
        for each in made.random.sample(ASPECTS, made.random.randint(1, 9))
    }


def grade(made: Builder, source: str, letter: str, digit: int, origins: tuple[str, ...] = ()) -> None:
    """A grade of a source."""
    made.add(
        evidence.SourceGrade,
        id=made.name("GR"),
        source=source,
        source_reliability=letter,
        information_credibility=digit,
        by="grader",
        at="2024-03-01",
        reason="known for years",
        independent_origins=origins,
    )


def segment(made: Builder, item: str) -> footage.Segment:
    """A stretch of an item."""
    start = made.random.randint(0, 10_000)
    base = (1, made.random.choice((25, 600, 90_000)))
    return footage.Segment(
        item=item,
        start=footage.MediaTime(pts=start, time_base=base),
        end=footage.MediaTime(pts=start + made.random.randint(1, 500), time_base=base),
    )


def _observation(made: Builder, family: str, items: tuple[str, ...]) -> None:
    name, pick = made.name("O"), made.random.choice
    low = made.random.randint(1, 6)
    count, render = pick(
        (
            (footage.Count(min=low, basis="simultaneously_visible"), f"at least {low}"),
            (footage.Count(min=low, max=low, basis="distinct_across_shots"), f"{low} (counted)"),
            (footage.Count(max=low, basis="estimated"), f"up to {low}"),
            (footage.Count(min=low, max=low + 2, basis="estimated"), f"between {low} and {low + 2}"),
        )
    )
    machine = made.maybe(0.3)
    made.add(
        footage.Observation,
        id=name,
        footage=family,
        t=segment(made, pick(items)),
        modality="visual",
        role="apparent_captive",
        state=(pick(("lying", "sitting", "bleeding")),),
        act=pick((None, "firing_at_person", "binding", "giving_first_aid")),
        injury=footage.Injury(region="knee", timing=pick(("unknown", "seen_to_occur")))
        if made.maybe()
        else None,
        count=count,
        render=render if made.maybe() else None,
        hedge=pick(("H0_alleged", "H1_appears")),
        by="an_observer",
        lead_origin="machine" if machine else "human",
        accepted_by="an_observer" if machine else None,
    )
    made.observed[family].append(name)


def _two_reviews(made: Builder, subject: str, arbitrated: bool) -> None:
    aspects = next(
        entity.aspects
        for entity in made.entities
        if isinstance(entity, footage.FootageFamily) and entity.id == subject
    )
    first, second = dict(aspects), dict(aspects)
    if made.maybe():
        first["motivation"], second["motivation"] = "probable", "indeterminate"
    if arbitrated:
        first["date"] = "contradicted"
    names = [
        review(made, subject, role, aspects=each) for role, each in zip(ROLES, (first, second), strict=True)
    ]
    if arbitrated:
        made.add(
            verification.Arbitration,
            id=made.name("AR"),
            of=subject,
            between=tuple(names),
            by="an_arbiter",
            aspects={"date": "established"},
            reason="the light of that day fits",
        )


ROLES = ("analyst_1", "analyst_2")


def review(made: Builder, subject: str, role: str, **fields: Any) -> str:
    """A submitted review."""
    return made.add(
        verification.Review,
        id=made.name("RV"),
        of=subject,
        role=role,
        by=f"person_{role}",
        submitted=NOW,
        **fields,
    )
