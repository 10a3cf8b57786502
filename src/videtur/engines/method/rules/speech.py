"""What people said: captives' words, and statements to both sides."""

from collections.abc import Iterator

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.comment import sides_of
from videtur.engines.method.entities.accountability import Call, Statement
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.rules.rule import Rule, Violation
from videtur.engines.method.rules.sentences import sentences, utterances_of

_MAY_BE_CAPTIVE = ("apparent_captive", "unclear", None)
"""Where it is unclear who speaks, it may be a captive."""


def _f18(case: CaseFile) -> Iterator[Violation]:
    sides = sides_of(case)
    for said in sentences(case):
        named = sides.intersection(said.sentence.parties_named)
        for reference in filter(None, (said.sentence.statement, *said.sentence.evidence)):
            addressed = sides & _addressed(case, reference)
            left_out = sorted(addressed - named)
            if len(addressed) > 1 and named & addressed and left_out:
                yield said.breaks(
                    "F18",
                    f"{reference} was to both sides, and the sentence names {', '.join(sorted(named))} alone",
                    f"Name {', '.join(left_out)} as well, or none of them",
                )
                break


def _addressed(case: CaseFile, reference: str) -> set[str]:
    found = case.find(reference)
    if isinstance(found, Call):
        return set(found.to)
    if not isinstance(found, Statement):
        return set()
    call = case.get(Call, found.call)
    against = (case.get(Allegation, name) for name in found.about)
    return {*found.to, *(call.to if call else ()), *(each.against for each in against if each)}


def _f20(case: CaseFile) -> Iterator[Violation]:
    for said in sentences(case):
        if not said.sentence.used_for_truth:
            continue
        for name, utterance in utterances_of(case, said.sentence).items():
            if utterance.speaker_role in _MAY_BE_CAPTIVE:
                yield said.breaks(
                    "F20",
                    f"It takes {name} as true, which an apparent captive said",
                    "Say only that it was said; words under questioning prove no more",
                )


RULES = (
    Rule(
        "F18",
        "domain model, sections 11 and 14",
        True,
        "What was said to both sides is not told as said to one",
        _f18,
    ),
    Rule(
        "F20",
        "domain model, sections 4 and 14; CAT, article 15",
        True,
        "What captives say under questioning proves that it was said, and not that it is so",
        _f20,
    ),
)
