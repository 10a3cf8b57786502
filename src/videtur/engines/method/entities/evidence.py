"""Which bytes, how we came by them, who they come from, and what that is worth."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from videtur.engines.method.entities.base import Edtf, Entity, Many, Moment, Number, Reference, Value, word_of

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Fixity(Value):
    """One check of the stored bytes against their digest."""

    checked_at: Moment
    sha256: Digest


class Item(Entity):
    """Bytes as received."""

    section: ClassVar[str] = "items"

    id: Reference
    sha256: Digest | None = None
    size: Annotated[int, Field(ge=0)] | None = None
    footage: Reference | None = None
    received: Moment | None = None
    ledger_index: Annotated[int, Field(ge=0)] | None = None
    fixity: Many[Fixity] = ()
    distress: Annotated[str, word_of("distress_grade")] | None = None
    sexual_violence_indicator: bool = False
    thumbnail: Literal["hidden", "blurred", "shown"] = "blurred"
    autoplay: bool = False
    duration_s: Annotated[Number, Field(ge=0)] | None = None


class Capture(Entity):
    """How we came by an item (Berkeley Protocol, para. 155)."""

    section: ClassVar[str] = "captures"

    id: Reference
    item: Reference | None = None
    url: str | None = None
    html_source: bool | None = None
    full_page_capture: bool | None = None
    at: Moment | None = None
    by: str | None = None


class Publication(Entity):
    """Where an item was seen."""

    section: ClassVar[str] = "publications"

    id: Reference
    item: Reference
    url: str | None = None
    posted_at: Edtf | None = None
    posted_at_original: str | None = None


class Source(Entity):
    """An origin of information. What it relays from another origin grades no higher than that one."""

    section: ClassVar[str] = "sources"

    id: Reference
    kind: Literal[
        "footage",
        "other_camera",
        "interview",
        "site_visit",
        "medical_opinion",
        "satellite",
        "official_record",
        "media_report",
        "official_statement",
        "document",
        "machine",
    ]
    description: str | None = None
    anonymous: bool = False
    footage: Reference | None = None
    """The footage family it is, if it is footage."""
    relays: Reference | None = None
    """The source it repeats."""
    party: Reference | None = None
    """The party it speaks for."""
    private_name: str | None = None
    """The name of a private person: only inside `sealed`."""
    consent: Literal["publication", "handing_over", "internal", "refused", "withdrawn"] | None = None
    """How far the person who gave it agreed that it be used; None where nobody had to be asked."""
    confidential: bool = False
    """Spoke in confidence: what leaves the house does not cite it."""


class SourceGrade(Entity):
    """One person's Admiralty grades of a source, with date and reason."""

    section: ClassVar[str] = "source_grades"

    id: Reference
    source: Reference
    about: Reference | None = None
    """The claim or item that the digit judges."""
    source_reliability: Annotated[str, word_of("source_reliability")] = "F"
    information_credibility: Annotated[int, Field(ge=1, le=6)] = 6
    by: str
    at: Edtf
    reason: str
    independent_origins: Many[Reference] = ()
    """The sources that confirm it; a digit 1 needs two that are independent of each other."""
    against_own_interest: bool = False


class Independence(Entity):
    """How two origins stand to one another. Only `independent` counts; unknown counts as dependent."""

    section: ClassVar[str] = "independence"

    id: Reference
    between: Annotated[tuple[Reference, Reference], Field(strict=False)]
    relation: Annotated[str, word_of("dependence")]
    by: str | None = None
    reason: str | None = None
