"""All rules, and what a case breaks of them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.rules import (
    calls,
    custody,
    events,
    findings,
    footage,
    impartiality,
    law,
    machines,
    people,
    quantities,
    release,
    release_terms,
    sources,
    speech,
    words,
)
from videtur.engines.method.rules.invariants import BEYOND_THE_STATES
from videtur.engines.method.rules.rule import Rule, Violation

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *calls.RULES,
            *custody.RULES,
            *findings.RULES,
            *footage.RULES,
            *impartiality.RULES,
            *law.RULES,
            *machines.RULES,
            *people.RULES,
            *release.RULES,
            *sources.RULES,
            *speech.RULES,
            *words.RULES,
        ),
        key=lambda rule: rule.id,
    )
)
"""F01 to F34, in order."""

FURTHER: tuple[Rule, ...] = (
    *quantities.FURTHER,
    *sources.FURTHER,
    *findings.FURTHER,
    *law.FURTHER,
    *release.FURTHER,
    *release_terms.FURTHER,
    *people.FURTHER,
    *calls.FURTHER,
    *events.FURTHER,
    *footage.FURTHER,
)
"""What the model demands outside its list of forbidden states, named by its section: M6.cap is section 6."""

IN_FORCE: tuple[Rule, ...] = (*RULES, *BEYOND_THE_STATES, *FURTHER)
"""Everything that a case is held to, each demand once."""

RULE_OF: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in IN_FORCE})
"""The rules by their names."""


def violations_of(case: CaseFile, rules: Sequence[Rule] = IN_FORCE) -> tuple[Violation, ...]:
    """Every forbidden state that the case is in, in the order of the rules."""
    found = (violation for rule in rules for violation in rule.check(case))
    return tuple(dict.fromkeys(found))
