"""All rules, and what a case breaks of them."""

from collections.abc import Sequence

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.rules.rule import Rule, Violation

RULES: tuple[Rule, ...] = ()
"""F01 to F34, in order."""


def violations_of(case: CaseFile, rules: Sequence[Rule] = RULES) -> tuple[Violation, ...]:
    """Every forbidden state that the case is in, in the order of the rules."""
    return tuple(violation for rule in rules for violation in rule.check(case))
