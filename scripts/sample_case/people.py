"""The people of the demo, one for each task of the method: nobody judges their own work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the demo: a task, not a name."""

    username: str
    display_name: str
    role: str


LEAD = Person("lead", "Lead of the case", "case_lead")
ANALYST_ONE = Person("analyst-one", "First analyst", "analyst_1")
ANALYST_TWO = Person("analyst-two", "Second analyst", "analyst_2")
ARBITER = Person("arbiter", "Arbiter", "arbiter")
LEGAL = Person("legal-reviewer", "Legal reviewer", "legal_reviewer")
PROTECTION = Person("protection-officer", "Protection officer", "protection_officer")
APPROVER = Person("approver", "Approver of what leaves the house", "publication_approver")
PEOPLE = (LEAD, ANALYST_ONE, ANALYST_TWO, ARBITER, LEGAL, PROTECTION, APPROVER)
