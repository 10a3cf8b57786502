"""What was said, called for, promised and asked, and what came of it over the years."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from videtur.engines.method.entities.base import (
    Edtf,
    Entity,
    Many,
    Moment,
    Reason,
    Reference,
    TimeZone,
    Value,
    word_of,
)
from videtur.engines.method.entities.verification import StatementKind

CallStatus = Annotated[str, word_of("call_status")]


class Statement(Entity):
    """A public statement of a body, by the role of its speaker; no private person is named."""

    section: ClassVar[str] = "statements"

    id: Reference
    speaker: str
    body: Reference
    kind: StatementKind
    venue: str | None = None
    date: Edtf
    gist: str | None = None
    conditional: bool = False
    """Whether it holds only "if real"."""
    quote: str | None = None
    """At most 25 words, with `capture`."""
    capture: Reference | None = None
    call: Reference | None = None
    commitment: Reference | None = None
    provisions: Many[str] = ()
    to: Many[Reference] = ()
    standard: Annotated[str, word_of("standard_of_proof")] | None = None
    about: Many[Reference] = ()


class Call(Entity):
    """What one body asks of parties, with a status for each of them."""

    section: ClassVar[str] = "calls"

    id: Reference
    from_: Annotated[Reference, Field(alias="from")]
    to: Many[Reference]
    text_same_for_all: bool | None = None
    texts: dict[str, str] = Field(default_factory=dict)
    """The text for each addressee, where it is written out."""
    date: Edtf | None = None
    about: Many[Reference] = ()
    asks: Many[str] = ()
    status: dict[str, CallStatus] = Field(default_factory=dict)
    basis: str | None = None
    reason_for_one_side: Reason | None = None


class Investigation(Value):
    """How a state's investigation stands to the Minnesota Protocol (2016)."""

    prompt: Literal["yes", "no", "unknown"] = "unknown"
    effective: Literal["yes", "no", "unknown"] = "unknown"
    thorough: Literal["yes", "no", "unknown"] = "unknown"
    independent: Literal["yes", "no", "unknown"] = "unknown"
    impartial: Literal["yes", "no", "unknown"] = "unknown"
    transparent: Literal["yes", "no", "unknown"] = "unknown"
    victims_involved: Literal["yes", "no", "unknown"] = "unknown"
    evidence: dict[str, Reference] = Field(default_factory=dict)
    """For each answer that is not unknown, what it rests on."""


class LegalStep(Value):
    """The step of an authority: which one, and its number or published notice."""

    authority: Reason
    number: Reason | None = None
    notice: Reference | None = None
    date: Edtf | None = None


class Commitment(Entity):
    """A promise. It is an opened case only when a legal step is evidenced."""

    section: ClassVar[str] = "commitments"

    id: Reference
    by: Reference
    speaker_role: str | None = None
    what: str
    about: Reference | None = None
    announced: Edtf
    status: Annotated[str, word_of("commitment_status")] = "announced"
    legal_step: LegalStep | None = None
    follow_up_due: Many[Edtf] = ()
    outcome: Annotated[str, word_of("outcome")] | None = None
    investigation: Investigation | None = None
    withdrawn_because: Reason | None = None


class RequestForComment(Entity):
    """Asking for an answer before something is published; or the reason why nobody was asked."""

    section: ClassVar[str] = "requests_for_comment"

    id: Reference
    by: str
    to: str
    about: str | None = None
    allegation: Reference | None = None
    sent: Edtf | None = None
    deadline: Moment | None = None
    time_zone: TimeZone | None = None
    short_deadline_because: Reason | None = None
    status: Annotated[str, word_of("rfc_status")]
    reason: Reason | None = None
    reply: str | None = None
    reply_gist: str | None = None
    replied: Edtf | None = None
    source: str | None = None
    required: bool | None = None
    text: str | None = None
    unredacted_image: bool = False
    source_identity: bool = False


class Deadline(Entity):
    """Something due. Overdue things stay so until somebody acts."""

    section: ClassVar[str] = "deadlines"

    id: Reference
    about: Reference
    kind: Literal["comment", "first_look", "follow_up", "fixity", "dissent"]
    due: Moment
    done: Moment | None = None
    done_because: Reason | None = None


class Action(Entity):
    """Something a person did or read, on a date, with its effect on a call, commitment or request."""

    section: ClassVar[str] = "actions"

    id: Reference
    date: Edtf
    by: str
    on: Reference
    party: Reference | None = None
    becomes: str | None = None
    because: str
    evidence: Reference | None = None


class FollowUp(Entity):
    """A later fact, with what it changes; without `effect`, a reading is proposed and a person decides."""

    section: ClassVar[str] = "followups"
    prefix: ClassVar[str] = "FU"

    date: Edtf
    fact: str
    effect: dict[str, Any] | None = None
    src: str | None = None
    certainty: str | None = None
    reading_accepted_by: str | None = None


class Correction(Entity):
    """A task to put right something that left the house."""

    section: ClassVar[str] = "corrections"

    id: Reference
    release: Reference | None = None
    finding: Reference | None = None
    because: str
    opened: Moment | None = None
    closed: Moment | None = None
    how: str | None = None
