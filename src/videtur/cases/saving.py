"""Saving an entity by hand: who may write which kind, and which fields move only by their own steps."""

from collections.abc import Mapping
from types import MappingProxyType

from videtur.cases.access import clearance_of, level_of, person_of, require_whole_view
from videtur.cases.case_file import LEVELS, case_file_of
from videtur.cases.entities import access_of, put
from videtur.cases.models import Case, CaseEntity
from videtur.cases.parties import party_rows
from videtur.cases.revision import now, revised
from videtur.cases.roles import ANALYSTS, EXPERTS
from videtur.cases.rules import require_role
from videtur.engines.method.entities import accountability, case, evidence, footage, publication, verification
from videtur.engines.method.entities.base import Entity
from videtur.errors import NotPermitted, WrongUsage
from videtur.people.models import User

_LEAD = frozenset({"case_lead"})
_ANALYSIS = _LEAD | ANALYSTS
_OBSERVING = _ANALYSIS | EXPERTS | {"arbiter"}
_FOLLOWING = _ANALYSIS | {"legal_reviewer", "linguist"}

ROLES_OF_KIND: Mapping[type[Entity], frozenset[str]] = MappingProxyType(
    {
        case.Party: _LEAD,
        case.CaseDate: _LEAD,
        case.Allegation: _ANALYSIS,
        case.SymmetryGroup: _ANALYSIS,
        case.Neutrality: _LEAD,
        case.SourceArticle: _ANALYSIS,
        case.CalendarCheck: _ANALYSIS,
        case.OpenQuestions: _OBSERVING,
        case.VerificationState: _LEAD,
        case.HouseRules: _LEAD,
        case.Lead: _OBSERVING,
        case.Deletion: frozenset({"case_lead", "protection_officer"}),
        evidence.Item: _ANALYSIS | {"intake_officer", "protection_officer"},
        evidence.Capture: _ANALYSIS | {"intake_officer"},
        evidence.Publication: _ANALYSIS | {"intake_officer"},
        evidence.Source: _ANALYSIS | {"intake_officer", "protection_officer"},
        evidence.SourceGrade: _ANALYSIS,
        evidence.Independence: _ANALYSIS,
        footage.FootageFamily: _ANALYSIS,
        footage.Observation: _OBSERVING,
        footage.Utterance: _ANALYSIS | {"linguist"},
        footage.PersonMark: _ANALYSIS,
        footage.Indicator: _OBSERVING,
        footage.Affiliation: _ANALYSIS,
        footage.PlaceClaim: _OBSERVING,
        footage.PlaceMatch: _OBSERVING,
        footage.DistanceCheck: _ANALYSIS,
        footage.TimeClaim: _OBSERVING,
        verification.Claim: _FOLLOWING,
        verification.LaterClaim: _FOLLOWING,
        verification.Conflict: _FOLLOWING | {"arbiter"},
        verification.Hypothesis: _OBSERVING,
        verification.Finding: _ANALYSIS,
        verification.CitedObligation: _LEAD | {"legal_reviewer"},
        accountability.Statement: _FOLLOWING,
        accountability.Call: _LEAD | {"legal_reviewer"},
        accountability.Commitment: _FOLLOWING,
        accountability.RequestForComment: _FOLLOWING | {"publication_approver"},
        accountability.FollowUp: _FOLLOWING,
        accountability.Action: _FOLLOWING,
        accountability.Deadline: _FOLLOWING,
        publication.Redaction: _ANALYSIS | {"protection_officer"},
        publication.Release: frozenset({"case_lead", "publication_approver"}),
    }
)
"""Which roles write which kind (house rule). A kind that is not here is written by its own steps alone."""

MOVED_BY_STEPS: Mapping[type[Entity], Mapping[str, str]] = MappingProxyType(
    {
        case.Allegation: {"standard": "it follows the approved findings"},
        case.Lead: {"accepted_as": "accept the lead", "accepted_by": "accept the lead"},
        case.VerificationState: {
            "overall": "it is derived",
            "standard": "it is derived",
            "findings": "it is derived",
        },
        evidence.Item: dict.fromkeys(
            ("sha256", "size", "received", "ledger_index", "fixity"), "intake and fixity checks record it"
        ),
        footage.FootageFamily: {
            "aspects": "use the steps of the footage, or a review",
            "status_at_as_of": "it is derived",
            "set_status": "use the step that withdraws or sets aside",
            "set_because": "use the step that withdraws or sets aside",
            "independent_source_count": "it is derived",
            "preserved": "it follows from the items",
            "review_closed": "use the step that closes the review",
        },
        footage.Observation: {"withdrawn_because": "withdraw the observation"},
        verification.Conflict: dict.fromkeys(("status", "result"), "settle the conflict"),
        verification.Hypothesis: dict.fromkeys(("evidence_for", "evidence_against"), "weigh the evidence"),
        verification.Finding: dict.fromkeys(
            ("status", "legal_reviewer", "arbiter", "approver", "at", "because"),
            "use the steps of the finding",
        ),
        verification.CitedObligation: {"status": "only a mapping may be reviewed"},
        accountability.Call: dict.fromkeys(("status", "date"), "use the steps of the call"),
        accountability.Commitment: dict.fromkeys(
            ("status", "legal_step", "outcome", "investigation", "withdrawn_because"),
            "use the steps of the promise",
        ),
        accountability.RequestForComment: dict.fromkeys(
            ("status", "sent", "replied", "reply", "reply_gist"), "use the steps of the request"
        ),
        accountability.FollowUp: {
            "reading_accepted_by": "accept the reading",
            "effect": "accept the reading",
        },
        accountability.Deadline: dict.fromkeys(("done", "done_because"), "close the deadline"),
        publication.Redaction: dict.fromkeys(("approved_by", "checked_by"), "check the redaction"),
        publication.Release: dict.fromkeys(
            ("status", "approver", "protection_officer", "at"), "use the steps of the release"
        ),
        case.Deletion: {"signatures": "each signs for themselves", "at": "it is set when both have signed"},
    }
)
"""Fields that saving leaves as they are, and what moves them instead."""

STARTS_AS: Mapping[type[Entity], Mapping[str, tuple[object, ...]]] = MappingProxyType(
    {
        verification.Conflict: {"status": ("open",)},
        verification.Finding: {"status": ("drafted",)},
        accountability.Commitment: {"status": ("announced",)},
        accountability.RequestForComment: {"status": ("drafted",)},
        publication.Release: {"status": ("drafted",)},
        case.Allegation: {"standard": ("none",)},
        case.VerificationState: {"standard": ("none",), "overall": ("received", "in_process")},
    }
)
"""What a field that moves by steps may say in the first version."""

SIGNED_BY: Mapping[type[Entity], str] = MappingProxyType(
    {
        evidence.SourceGrade: "by",
        evidence.Independence: "by",
        footage.PlaceMatch: "by",
        footage.Observation: "by",
        accountability.Action: "by",
    }
)
"""A judgement is its author's: the field is filled with the person who saves it."""


def save(user: User, case_: Case, entity: Entity, reference: str = "") -> CaseEntity:
    """Write an entity, or its next version.

    Raises NotPermitted, WrongUsage for a field that moves by steps only, and ForbiddenState with every
    rule that the case would then break.
    """
    kind = type(entity)
    require_kind(user, case_, kind)
    name = reference or entity.reference or (kind.section if kind.single else "")
    present = case_file_of(case_).find(name) if name else None
    require_access(user, case_, entity, name)
    if present is not None:
        require_whole_view(user, case_, name)
    if present is not None and type(present) is not kind:
        raise WrongUsage(f"{name!r} is the name of something else", remedy="Choose another")
    _refuse_steps(entity, present, name)
    if (field := SIGNED_BY.get(kind)) is not None:
        stamped: dict[str, object] = {field: person_of(user)}
        if "at" in kind.model_fields and getattr(entity, "at", None) is None:
            stamped["at"] = now()
        entity = revised(entity, **stamped)
    verb = f"cases.{_verb_of(kind)}.{'added' if present is None else 'revised'}"
    extra = party_rows(case_, [entity]) if isinstance(entity, case.Party) else []
    return put(user.actor, case_, verb, entity, name, extra)


def require_kind(user: User, case_: Case, kind: type[Entity]) -> None:
    """Let pass who may write that kind. Raises NotPermitted."""
    section = kind.section.replace("_", " ")
    if kind not in ROLES_OF_KIND:
        raise NotPermitted(f"Nobody writes the {section} by hand", "They follow from the steps of the work")
    require_role(user, case_, ROLES_OF_KIND[kind], f"write {section}")


def require_access(user: User, case_: Case, entity: Entity, reference: str) -> None:
    """Nobody writes what they may not see; what is sealed is opened by its keepers alone."""
    clearance = clearance_of(user, case_)
    level = access_of(entity)
    before = level_of(case_, reference) if reference else None
    if before is not None and before not in clearance:
        raise NotPermitted(f"{reference!r} cannot be used here", remedy="Choose another name")
    if level not in clearance:
        raise NotPermitted(
            f"You may not write what is {level}", remedy="Ask the case lead or protection officer"
        )
    if before == "sealed" and LEVELS.index(level) < LEVELS.index(before):
        require_role(user, case_, {"case_lead", "protection_officer"}, f"open {reference}, which is sealed,")


def _refuse_steps(entity: Entity, present: Entity | None, name: str) -> None:
    kind = type(entity)
    for field, instead in MOVED_BY_STEPS.get(kind, {}).items():
        given = getattr(entity, field)
        if present is not None:
            allowed = given == getattr(present, field)
        elif field in STARTS_AS.get(kind, {}):
            allowed = given in STARTS_AS[kind][field]
        else:
            allowed = not given or given == kind.model_fields[field].get_default(call_default_factory=True)
        if not allowed:
            raise WrongUsage(
                f"{field.replace('_', ' ')} of {name or kind.section} is not written by hand",
                remedy=f"Instead, {instead}",
            )


def _verb_of(kind: type[Entity]) -> str:
    letters = [f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__]
    return "".join(letters).lstrip("_")
