"""The steps of accountability: statements, calls, promises, requests, later facts. Each is one ledger entry.

Which step may follow which, who may take it and what it needs is said in one place,
`engines.method.accountability.lifecycles`. A step that lacks something is refused with what would satisfy it.
"""

from videtur.accountability.calling import approve_call, draft_call, issue_call, move_call
from videtur.accountability.deadlines import close_deadline
from videtur.accountability.following import accept_reading, add_follow_up, close_correction, record_statement
from videtur.accountability.promises import add_commitment, judge_investigation, move_commitment
from videtur.accountability.requesting import draft_request, move_request

__all__ = [
    "accept_reading",
    "add_commitment",
    "add_follow_up",
    "approve_call",
    "close_correction",
    "close_deadline",
    "draft_call",
    "draft_request",
    "issue_call",
    "judge_investigation",
    "move_call",
    "move_commitment",
    "move_request",
    "record_statement",
]
