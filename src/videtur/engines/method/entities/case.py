"""The case itself: its parties, the allegations, and which of them are counterparts."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.base import (
    Edtf,
    Entity,
    Hedge,
    Many,
    Moment,
    Reference,
    Standard,
    TimeZone,
    Value,
    word_of,
)


class Party(Entity):
    """A party to the conflict, or a body. Always shown in alphabetical order."""

    section: ClassVar[str] = "parties"

    id: Reference
    name: str
    kind: Literal["state", "armed_group", "monitoring_body", "newsroom", "other"]
    party_to_conflict: bool | None = None

    @property
    def in_conflict(self) -> bool:
        """Whether it is a side: states and armed groups are, unless the file says otherwise."""
        if self.party_to_conflict is not None:
            return self.party_to_conflict
        return self.kind in ("state", "armed_group")


class CaseDate(Entity):
    """The moment at which a case file describes the world: its `as_of`."""

    section: ClassVar[str] = "as_of"
    single: ClassVar[bool] = True

    as_of: Edtf


class Allegation(Entity):
    """What is alleged, against whom, with the standard of proof reached so far."""

    section: ClassVar[str] = "allegations"

    id: Reference
    text: str
    against: Reference
    alleged_victims_side: Reference | None = None
    first_known: Edtf | None = None
    hedge: Hedge | None = None
    standard: Standard = "none"
    footage: Many[Reference] = ()


class SymmetryGroup(Entity):
    """Allegations that answer one another across the sides, so that each is treated as the other is."""

    section: ClassVar[str] = "symmetry_groups"

    id: Reference
    allegations: Many[Reference]


class Neutrality(Entity):
    """How the case keeps its balance and whom it does not name."""

    section: ClassVar[str] = "neutrality"
    single: ClassVar[bool] = True

    party_order: Literal["alphabetical"]
    named_private_persons: str | Many[str] | None = None
    alleged_perpetrators_named: str | Many[str] | None = None
    uploader_named: str | Many[str] | None = None


class Grade(Value):
    """Admiralty grades: the letter for the origin, the digit for the item, judged apart."""

    source_reliability: Annotated[str, word_of("source_reliability")]
    information_credibility: Annotated[int, Field(ge=1, le=6)]
    reason: str | None = None
    by: str | None = None
    at: Edtf | None = None
    independent_of_each_other: bool | None = None
    """Whether letter and digit were judged apart."""


class SourceArticle(Entity):
    """The publication that opened the case."""

    section: ClassVar[str] = "source_article"
    single: ClassVar[bool] = True

    publisher: str
    headline_gist: str | None = None
    url: str | None = None
    read_as: str | None = None
    grade: Grade | None = None


class CalendarCheck(Entity):
    """Weekday words of a publication with the dates they were resolved to."""

    section: ClassVar[str] = "calendar_check"
    single: ClassVar[bool] = True

    monday: Edtf | None = None
    tuesday: Edtf | None = None
    wednesday: Edtf | None = None
    thursday: Edtf | None = None
    friday: Edtf | None = None
    saturday: Edtf | None = None
    sunday: Edtf | None = None
    verified: bool | None = None
    how: str | None = None


class VerificationState(Entity):
    """Where the verification stands, with the one sentence that says so."""

    section: ClassVar[str] = "verification_state"
    single: ClassVar[bool] = True

    overall: Annotated[str, word_of("footage_status")]
    standard: Standard = "none"
    findings: Many[Reference] = ()
    sentence: str | None = None


class OpenQuestions(Entity):
    """What is still to be found out, by aspect."""

    section: ClassVar[str] = "open_questions"
    single: ClassVar[bool] = True

    provenance: Many[str] = ()
    source: Many[str] = ()
    motivation: Many[str] = ()
    integrity: Many[str] = ()
    date: Many[str] = ()
    location: Many[str] = ()
    event: Many[str] = ()
    affiliation: Many[str] = ()
    completeness: Many[str] = ()
    victims: Many[str] = ()
    other_side: Many[str] = ()
    accountability: Many[str] = ()


class ExpectedSentence(Value):
    """A sentence that may not be published, and the rule that says so."""

    text: str
    rule: str
    why: str | None = None


class ExpectedSentences(Entity):
    """Sentences that the language engine must pass, and those it must fail. Kept for it, unread here."""

    section: ClassVar[str] = "expected_sentences"
    single: ClassVar[bool] = True

    passing: Many[str] = ()
    failing: Many[ExpectedSentence] = ()


class ExpectedBoard(Entity):
    """The accountability board that the case's facts must give on a day: calls and commitments by name."""

    section: ClassVar[str] = "expected_accountability_boards"

    date: Edtf
    board: dict[str, dict[str, Any]]

    @property
    def reference(self) -> str:
        """The day."""
        return f"board-{self.date}"


LONGEST_TERM = 3650
"""Days: what is longer than ten years is a slip of the hand."""


def _closed(edtf: str) -> str:
    days = days_of(edtf)
    if days.earliest is None or days.latest is None:
        raise ValueError(f"{edtf!r} has no end; write the first and the last day")
    if (days.latest - days.earliest).days >= LONGEST_TERM:
        raise ValueError(f"{edtf!r} is longer than ten years; look at its first and last day")
    return edtf


Term = Annotated[int, Field(ge=1, le=LONGEST_TERM)]
Hours = Annotated[int, Field(ge=1, le=24 * LONGEST_TERM)]
Holiday = Annotated[Edtf, AfterValidator(_closed)]
"""Days on which no deadline ends."""


class HouseRules(Entity):
    """Deadlines and thresholds of this house. None is from a standard, and pages say so.

    Unset fields take the house's defaults (`videtur.engines.method.house_rules`).
    """

    section: ClassVar[str] = "house_rules"
    single: ClassVar[bool] = True

    comment_newsroom_hours: Hours | None = None
    comment_shortest_hours: Hours | None = None
    comment_mission_days: Term | None = None
    first_look_severe_hours: Hours | None = None
    first_look_hours: Hours | None = None
    follow_up_days: Many[Term] | None = None
    stale_after_days: Term | None = None
    fixity_days: Term | None = None
    dissent_to_arbiter_days: Term | None = None
    version_difference_seconds: Annotated[float, Field(ge=0)] | None = None
    likelihood_scale: Literal["icd203", "ipcc_likelihood"] | None = None
    time_zone: TimeZone | None = None
    working_days: Annotated[Many[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1)] | None = None
    """Days of the week on which a deadline may end; 0 is Monday."""
    holidays: Many[Holiday] | None = None


class Assignment(Entity):
    """One person's role on one thing of the case; a declared conflict of interest bars it."""

    section: ClassVar[str] = "assignments"

    id: Reference
    person: Reference
    """A pseudonym or an account's name; never the name of a private person."""
    role: Annotated[str, word_of("role")]
    on: Reference
    """The footage, item or finding."""
    at: Moment | None = None
    conflict_of_interest: str | None = None
    ended_because: str | None = None


class Lead(Entity):
    """What a machine found. Nothing rests on it until a person accepts it at a segment."""

    section: ClassVar[str] = "leads"

    id: Reference
    origin: Annotated[str, word_of("lead_origin")] = "machine"
    about: Reference
    kind: str
    value: str
    model: str | None = None
    accepted_as: Reference | None = None
    accepted_by: str | None = None


class Deletion(Entity):
    """A decision to let something go: a retention decision and two signatures, or it is none."""

    section: ClassVar[str] = "deletions"

    id: Reference
    what: Reference
    retention_decision: str | None = None
    signatures: Many[str] = ()
    at: Moment | None = None


class LedgerState(Entity):
    """What a verification of the ledger said."""

    section: ClassVar[str] = "ledger"
    single: ClassVar[bool] = True

    first_index: int = 0
    last_index: int
    entries: int
    altered: Many[int] = ()
    """Indices whose record differs from what was signed."""
