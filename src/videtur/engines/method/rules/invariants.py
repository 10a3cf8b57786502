"""The invariants I1 to I12 (domain model, section 15), as rules of the same kind as the forbidden states.

Some are the predicate of a forbidden state; those share its check, so that nothing is decided twice.
"""

from collections.abc import Iterator
from dataclasses import replace

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.rules import (
    calls,
    custody,
    findings,
    footage,
    impartiality,
    ladder,
    release,
    words,
)
from videtur.engines.method.rules.rule import Rule, Violation

_MODEL = "domain model, section 15"
_SHARED = {
    rule.id: rule
    for rule in (*calls.RULES, *custody.RULES, *findings.RULES, *footage.RULES, *impartiality.RULES)
}


def _predicate_of(forbidden: str, name: str, sentence: str) -> Rule:
    """An invariant whose breach is a forbidden state; its violations are told under its own name."""
    shared = _SHARED[forbidden]

    def check(case: CaseFile) -> Iterator[Violation]:
        for violation in shared.check(case):
            yield replace(violation, rule=name)

    return Rule(name, f"{_MODEL}; {forbidden}", shared.house_rule, sentence, check)


I3 = Rule("I3", _MODEL, True, "A rendered minimum is the largest minimum of one group", words.i3)
I4 = Rule("I4", _MODEL, True, "No sentence stands higher on the ladder than its support", ladder.i4)
I8 = Rule("I8", _MODEL, True, "The status of footage is the derived one", footage.i8)
I9 = Rule("I9", _MODEL, True, "Every byte of a release comes from an approved masking", release.i9)
I11 = Rule(
    "I11", _MODEL, True, "A second linguist has seen words about injuries and acts before H4", ladder.i11
)
I12 = Rule("I12", _MODEL, True, "A finding weighs two hypotheses, staging among them", findings.i12)

INVARIANTS: tuple[Rule, ...] = (
    _predicate_of("F07", "I1", "A finding has two recordings, or origins of two kinds"),
    _predicate_of("F11", "I2", "The latest moment of recording is no later than the earliest upload"),
    I3,
    I4,
    _predicate_of("F16", "I5", "A call on counterparts addresses them all, or has a reason"),
    _predicate_of("F02", "I6", "The digest of an original never changes"),
    _predicate_of("F28", "I7", "Exchanging two parties changes nothing but their names"),
    I8,
    I9,
    _predicate_of("F15", "I10", "Without a legal step nothing is called opened"),
    I11,
    I12,
)
"""I1 to I12, in order."""

BEYOND_THE_STATES: tuple[Rule, ...] = (I3, I4, I8, I9, I11, I12)
"""The invariants that say something no forbidden state says."""
