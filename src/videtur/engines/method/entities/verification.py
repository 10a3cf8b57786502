"""What it amounts to: claims, conflicts, hypotheses, reviews, findings, and the law that may apply."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from videtur.engines.method.entities.base import (
    Edtf,
    Entity,
    Many,
    Moment,
    Reason,
    Reference,
    Standard,
    Value,
    word_of,
)
from videtur.engines.method.entities.footage import Aspect, AspectStatus

StatementKind = Annotated[str, word_of("statement_kind")]


class Claim(Entity):
    """What somebody says, with its own origin. A claim settles nothing by itself."""

    section: ClassVar[str] = "claims"

    id: Reference
    date: Edtf
    by: str
    kind: StatementKind
    gist: str
    about: Reference | None = None
    side: Reference | None = None
    """The party it speaks for; where not given, read from `by` when that begins with a party's name."""
    source: Reference | None = None
    certainty: str | None = None


class LaterClaim(Claim):
    """A claim made by others after the case was opened."""

    section: ClassVar[str] = "claims_by_others_after"


class Conflict(Entity):
    """Two things that do not agree. It stays in view until a person says what explains it."""

    section: ClassVar[str] = "conflicts"

    id: Reference
    kind: Annotated[str, word_of("conflict_kind")]
    between: Many[str]
    status: Annotated[str, word_of("conflict_status")]
    material: bool = True
    detail: str | None = None
    edtf: Edtf | None = None
    result: Reason | None = None
    effect: str | None = None
    lesson: str | None = None
    found_by: str | None = None


class Weighed(Value):
    """A piece of evidence for or against a hypothesis, and why."""

    evidence: Reference
    why: str | None = None


class Hypothesis(Entity):
    """One explanation of the evidence. Every finding weighs at least two."""

    section: ClassVar[str] = "hypotheses"

    id: Reference
    finding: Reference
    kind: Literal["as_alleged", "staged_or_false_context", "party_mix_up", "other"]
    text: str
    evidence_for: Many[Weighed] = ()
    evidence_against: Many[Weighed] = ()
    examined: bool = False
    """Whether somebody has looked for evidence and found none; what was weighed need not say it."""


class Review(Entity):
    """One person's examination of a footage family, or of a finding."""

    section: ClassVar[str] = "reviews"

    id: Reference
    of: Reference
    role: Annotated[str, word_of("role")]
    by: Reference
    blind: bool = True
    saw_before: Many[Literal["first_review", "uploader_caption", "claimed_party"]] = ()
    """What the reviewer had seen of it before submitting; blind means nothing."""
    submitted: Moment | None = None
    aspects: dict[Aspect, AspectStatus] = Field(default_factory=dict)
    concurs: bool | None = None
    """Of a finding: whether the reviewer would make it."""
    consistency: Annotated[str, word_of("istanbul_consistency")] | None = None
    evidence: Many[Reference] = ()
    reason: str | None = None
    by_machine: bool = False
    withdrawn_because: Reason | None = None


class Arbitration(Entity):
    """An arbiter's decision where two reviews differ. Both reviews stay for ever."""

    section: ClassVar[str] = "arbitrations"

    id: Reference
    of: Reference
    between: Annotated[tuple[Reference, Reference], Field(strict=False)]
    by: Reference
    aspects: dict[Aspect, AspectStatus] = Field(default_factory=dict)
    concurs: bool | None = None
    reason: Reason
    at: Moment | None = None


class Finding(Entity):
    """A statement of fact at a standard of proof. It is approved through the gate or not at all."""

    section: ClassVar[str] = "findings"

    id: Reference
    allegation: Reference
    scope: Literal[
        "incident_facts", "attribution_to_party", "attribution_to_unit", "individual_responsibility"
    ] = "incident_facts"
    text: str
    standard: Standard
    status: Literal["drafted", "under_review", "approved", "rejected", "withdrawn"] = "drafted"
    footage: Many[Reference] = ()
    sources: Many[Reference] = ()
    observations: Many[Reference] = ()
    external_record: Reference | None = None
    legal_reviewer: Reference | None = None
    arbiter: Reference | None = None
    approver: Reference | None = None
    comment: Reference | None = None
    """The request for comment to the party concerned."""
    comment_not_sought_because: Reason | None = None
    conflicts_shown: Many[Reference] = ()
    mandated_body: str | None = None
    phrase: str | None = None
    """The body's own words for the standard, such as "reasonable grounds to conclude"."""
    likelihood: str | None = None
    confidence: str | None = None
    scale: Literal["icd203", "ipcc_likelihood"] | None = None
    at: Moment | None = None
    because: str | None = None


class NeededFact(Value):
    """A fact that a provision needs, and how it stands."""

    need: str
    met: Literal["yes", "no", "unknown"] = "unknown"
    evidence: Many[Reference] = ()
    why: str | None = None


class ProvisionMapping(Entity):
    """A provision as a candidate; only a legal reviewer's reasoned mapping makes it more."""

    section: ClassVar[str] = "mappings"

    id: Reference
    provision: str
    of: Reference
    """The finding or allegation."""
    status: Literal["candidate", "facts_supported", "legal_review_passed", "rejected"] = "candidate"
    party: Reference | None = None
    date: Edtf | None = None
    needs: Many[NeededFact] = ()
    by: Reference | None = None
    reason: Reason | None = None
    at: Moment | None = None


class CitedObligation(Entity):
    """A provision that a body, or the model, cites as binding on a party."""

    section: ClassVar[str] = "obligations_cited"
    prefix: ClassVar[str] = "OB"

    provision: str
    of: Many[Reference]
    tags: Many[str] = ()
    tag: str | None = None
    cited_by: str | None = None
    status: Literal["candidate", "facts_supported", "legal_review_passed", "rejected"] | None = None
