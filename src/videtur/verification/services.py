"""The steps of verification: reviews, arbitration, weighing, findings, law. Each is one ledger entry.

Every step asks for a role, and is refused with what would satisfy it: `NotPermitted` for the person,
`WrongUsage` for the call, `ForbiddenState` for the case.
"""

from videtur.verification.findings import (
    approve_finding,
    draft_finding,
    reject_finding,
    sign_as_legal_reviewer,
    start_review_of_finding,
    weigh,
    withdraw_finding,
)
from videtur.verification.law import decide_mapping, map_provision, settle_conflict
from videtur.verification.reviewing import arbitrate, begin_review, submit_review, withdraw_review

__all__ = [
    "approve_finding",
    "arbitrate",
    "begin_review",
    "decide_mapping",
    "draft_finding",
    "map_provision",
    "reject_finding",
    "settle_conflict",
    "sign_as_legal_reviewer",
    "start_review_of_finding",
    "submit_review",
    "weigh",
    "withdraw_finding",
    "withdraw_review",
]
