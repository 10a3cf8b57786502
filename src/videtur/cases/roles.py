"""The roles a person can have in a case, and which pairs of them exclude one another on one item."""

from types import MappingProxyType

ROLES = MappingProxyType(
    {
        "intake_officer": "Takes material in and records how it was come by",
        "analyst_1": "Observes, and makes the first review",
        "analyst_2": "Observes, and makes the second, blind review",
        "arbiter": "Decides where two reviews differ",
        "medical_expert": "Speaks on injuries",
        "weapons_expert": "Speaks on weapons and discharges",
        "linguist": "Transcribes and translates",
        "legal_reviewer": "Maps findings to law",
        "protection_officer": "Guards the persons shown and the sources",
        "publication_approver": "Approves what leaves the house",
        "case_lead": "Runs the case: parties, members, exports",
        "auditor": "Sees everything, changes nothing",
        "welfare_officer": "Looks after the people who watch",
    }
)

EXCLUSIVE_ON_ONE_ITEM = (
    ("analyst_1", "analyst_2"),
    ("analyst_1", "arbiter"),
    ("analyst_2", "arbiter"),
    ("analyst_1", "publication_approver"),
    ("analyst_2", "publication_approver"),
    ("analyst_1", "legal_reviewer"),
    ("analyst_2", "legal_reviewer"),
    ("legal_reviewer", "publication_approver"),
)
"""Nobody judges their own work. A person may hold both roles in a case, never on the same item."""

ANALYSTS = frozenset({"analyst_1", "analyst_2"})
EXPERTS = frozenset({"medical_expert", "weapons_expert", "linguist"})
