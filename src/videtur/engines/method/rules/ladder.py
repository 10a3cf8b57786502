"""The hedging ladder: no sentence stands higher than what it asserts is carried (domain model, section 5)."""

from collections.abc import Callable, Iterator, Mapping

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.footage import DistanceCheck, FootageFamily, PlaceMatch
from videtur.engines.method.entities.publication import Sentence
from videtur.engines.method.entities.verification import Finding, Review
from videtur.engines.method.gates import carries
from videtur.engines.method.reviews import EXPERTS, concurrence, is_standing
from videtur.engines.method.rules.rule import Violation
from videtur.engines.method.rules.sentences import (
    H4,
    H5,
    footage_of,
    observations_of,
    rank,
    sentences,
    utterances_of,
)

_SEEN = {"act", "injury", "affiliation", "captivity", "death", "count", "staged"}
_NEVER_GUILT = {"legal_character", "intent"}
_ASPECT_OF = {
    "place": "location",
    "time": "date",
    "act": "event",
    "injury": "event",
    "count": "event",
    "staged": "event",
    "authenticity": "integrity",
}
_NEED_LINGUIST = {"act", "injury", "count", "place", "death", "cause_of_injury"}


def i4(case: CaseFile) -> Iterator[Violation]:
    """A sentence is worded no higher than what carries it."""
    for said in sentences(case):
        level = rank(said.sentence.level)
        check = _NEEDS.get(level)
        lack = check(case, said.sentence) if check is not None else ""
        if lack:
            yield said.breaks(
                "I4",
                f"It is worded at {said.sentence.level}, but {lack}",
                "Word it lower on the ladder, or first establish what carries it",
            )


def i11(case: CaseFile) -> Iterator[Violation]:
    """Translated words about acts, injuries, numbers and places have a second linguist from H4 on."""
    for said in sentences(case):
        level = said.sentence.level
        if level is None or rank(level) < H4 or not _NEED_LINGUIST.intersection(said.sentence.asserts):
            continue
        for name, utterance in utterances_of(case, said.sentence).items():
            translated = utterance.translation_en or utterance.paraphrase_en
            if translated and not utterance.second_linguist:
                yield said.breaks(
                    "I11",
                    f"It rests on {name}, whose translation no second linguist has seen",
                    f"Have a second linguist translate {name}",
                )


def _appears(case: CaseFile, sentence: Sentence) -> str:
    if not _SEEN.intersection(sentence.asserts):
        return ""
    logged = any(each.withdrawn_because is None for each in observations_of(case, sentence).values())
    return "" if logged or _is_found(case, sentence) else "no observation of it is logged"


def _consistent(case: CaseFile, sentence: Sentence) -> str:
    for name in sentence.evidence:
        found = case.find(name)
        if isinstance(found, PlaceMatch | DistanceCheck):
            return ""
        if isinstance(found, Review) and found.role in EXPERTS and is_standing(found):
            return ""
    return "no comparison by a named trade is among its evidence"


def _likely(case: CaseFile, sentence: Sentence) -> str:
    if _NEVER_GUILT.intersection(sentence.asserts):
        return "likelihood is of facts and never of guilt or intent"
    if not sentence.likelihood:
        return "it names no word of the likelihood scale"
    return "" if sentence.evidence else "the judgement lists no evidence"


def _established(case: CaseFile, sentence: Sentence) -> str:
    flat = sorted(each for each in sentence.asserts if each not in (*_ASPECT_OF, "step_of_authority"))
    if flat:
        return f"{', '.join(flat).replace('_', ' ')} stays apparent below a finding"
    needed = {_ASPECT_OF[each] for each in sentence.asserts if each in _ASPECT_OF} | set(
        sentence.aspects_named
    )
    footage = footage_of(case, sentence)
    if needed and not footage:
        return "it names no footage of which that is established"
    for name in footage:
        family, agreed = case.get(FootageFamily, name), concurrence(case, name)
        for aspect in sorted(needed):
            if family is None or family.aspect(aspect) != "established":
                return f"the {aspect} of {name} is not established"
            if agreed is None or agreed.aspects.get(aspect) != "established":
                return f"two reviews do not agree that the {aspect} of {name} is established"
    return ""


def _is_found(case: CaseFile, sentence: Sentence) -> bool:
    return any(carries(case, name) for name in (sentence.finding, *sentence.evidence))


def _found(case: CaseFile, sentence: Sentence) -> str:
    carrying = [
        finding
        for name in (sentence.finding, *sentence.evidence)
        if carries(case, name) and (finding := case.get(Finding, name))
    ]
    if not carrying:
        return "no approved finding at that standard carries it"
    attributes = any(finding.scope != "incident_facts" for finding in carrying)
    if "affiliation" in sentence.asserts and not attributes:
        return "the finding is of what happened, and whose side did it is a finding of its own"
    return ""


def _adjudicated(case: CaseFile, sentence: Sentence) -> str:
    return "" if sentence.court_record else "it quotes no court record"


_NEEDS: Mapping[int, Callable[[CaseFile, Sentence], str]] = {
    1: _appears,
    2: _consistent,
    3: _likely,
    H4: _established,
    H5: _found,
    6: _adjudicated,
}
