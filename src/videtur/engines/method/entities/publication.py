"""What leaves the house, from what it was made, and what people were shown."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from videtur.engines.method.entities.base import (
    Entity,
    Hedge,
    Many,
    Moment,
    Reason,
    Reference,
    Value,
    word_of,
)

Asserted = Literal[
    "act",
    "injury",
    "affiliation",
    "captivity",
    "death",
    "cause_of_injury",
    "intent",
    "place",
    "time",
    "count",
    "authenticity",
    "legal_character",
    "step_of_authority",
    "staged",
]


class RenderedCount(Value):
    """A number in a sentence, and the observations it stands on."""

    observations: Many[Reference]
    rendered_min: int | None = None
    rendered_max: int | None = None
    exact: bool = False
    summed: bool = False
    distinctness: Reference | None = None
    """What shows that the persons are distinct, where counts are added."""


class Sentence(Value):
    """One sentence of a release: what it asserts, at which level of the ladder, on which evidence."""

    id: Reference
    text: str
    level: Hedge | None = None
    asserts: Many[Asserted] = ()
    evidence: Many[Reference] = ()
    aspects_named: Many[Annotated[str, word_of("aspects")]] = ()
    says_verified: Many[Reference] = ()
    """Footage that the sentence calls verified."""
    counts: Many[RenderedCount] = ()
    sources_counted: Many[Reference] = ()
    """What the sentence counts as sources."""
    source_count: int | None = None
    place: Reference | None = None
    place_used_as: Annotated[str, word_of("place_role")] | None = None
    provision: str | None = None
    commitment: Reference | None = None
    says_opened: bool = False
    statement: Reference | None = None
    parties_named: Many[Reference] = ()
    utterance: Reference | None = None
    used_for_truth: bool = False
    quotation: str | None = None
    capture: Reference | None = None
    likelihood: str | None = None
    confidence: str | None = None
    scale: Literal["icd203", "ipcc_likelihood"] | None = None
    finding: Reference | None = None
    court_record: Reference | None = None
    private_names: Many[str] = ()


class Redaction(Entity):
    """A masked copy: what was masked, and who saw that it was."""

    section: ClassVar[str] = "redactions"

    id: Reference
    item: Reference
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    masks: Many[Literal["face", "name", "unit_number", "tattoo", "voice", "document", "metadata"]] = ()
    method: Literal["solid", "mosaic", "blur", "resynthesis"] | None = None
    approved_by: Reference | None = None
    checked_by: Reference | None = None


class Exposed(Value):
    """A picture or sound in a release."""

    item: Reference
    redaction: Reference | None = None
    identifiable_captive: bool = False
    exception: str | None = None
    signatures: Many[str] = ()


class Release(Entity):
    """Something published or handed over."""

    section: ClassVar[str] = "releases"

    id: Reference
    title: str
    status: Literal["drafted", "approved", "released", "flagged", "withdrawn"] = "drafted"
    sentences: Many[Sentence] = ()
    media: Many[Exposed] = ()
    findings: Many[Reference] = ()
    observations: Many[Reference] = ()
    conflicts_shown: Many[Reference] = ()
    names_parties: Many[Reference] = ()
    """Parties against whom an allegation is repeated."""
    comment: Many[Reference] = ()
    comment_not_sought_because: Reason | None = None
    embargo_until: Moment | None = None
    """Before this moment it does not leave."""
    handed_to: str | None = None
    """The mandated body that alone receives it; None where it is published."""
    risk: Literal["low", "raised", "high"] | None = None
    """To persons shown or to sources, as the protection officer weighs it."""
    place_shown: Literal["exact", "settlement", "district", "region", "country", "none"] | None = None
    time_shown: Literal["exact", "day", "month", "year", "none"] | None = None
    approver: Reference | None = None
    protection_officer: Reference | None = None
    at: Moment | None = None


class ExposureLog(Entity):
    """How long a person was shown severe material. For that person, and in sums for the welfare officer."""

    section: ClassVar[str] = "exposure_log"

    id: Reference
    person: Reference
    item: Reference
    minutes: float
    revealed: Many[Literal["picture", "colour", "sound"]] = ()
    at: Moment
