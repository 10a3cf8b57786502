"""Legal words: only a mapping that passed legal review carries them (domain model, sections 4, 7 and 14)."""

from collections.abc import Iterator, Mapping

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Statement
from videtur.engines.method.entities.footage import PlaceClaim, PlaceMatch
from videtur.engines.method.entities.publication import Sentence
from videtur.engines.method.entities.verification import Claim, LaterClaim, ProvisionMapping
from videtur.engines.method.gates import carries
from videtur.engines.method.rules.rule import Rule, Violation
from videtur.engines.method.rules.sentences import sentences

_RECORDING = ("place_of_recording", "place_of_capture")
_PASSED = "legal_review_passed"
_DECIDED = ("facts_supported", _PASSED)


def _f12(case: CaseFile) -> Iterator[Violation]:
    for said in sentences(case):
        sentence = said.sentence
        legal = sentence.provision is not None or "legal_character" in sentence.asserts
        if legal and not _is_quoted(case, sentence) and not _is_mapped(case, sentence):
            yield said.breaks(
                "F12",
                "It uses a legal label that no passed mapping carries",
                "Describe the act; the label follows when a legal reviewer's mapping of a finding has passed",
            )
        role = _role_of_place(case, sentence.place)
        if role is not None and sentence.place_used_as is not None and role != sentence.place_used_as:
            yield said.breaks(
                "F12",
                f"It uses a {_words(role)} as {_words(sentence.place_used_as)}",
                f"Say that it is the {_words(role)}",
            )
    for name, match in case.named(PlaceMatch).items():
        claim = case.get(PlaceClaim, match.claim)
        if claim is not None and claim.place_role != match.place_role and match.place_role in _RECORDING:
            yield Violation(
                "F12",
                name,
                f"It makes a {_words(claim.place_role)} a {_words(match.place_role)}",
                "Keep the role of the claim, and match the place of recording by what the footage shows",
            )


def _is_quoted(case: CaseFile, sentence: Sentence) -> bool:
    """Whether somebody else is named who uses the legal word."""
    named = (sentence.statement, *sentence.evidence)
    said = any(isinstance(case.find(name), Claim | LaterClaim | Statement) for name in named if name)
    return (sentence.level == "H0_alleged" and said) or sentence.court_record is not None


def _is_mapped(case: CaseFile, sentence: Sentence) -> bool:
    mappings = case.once(_passed_mappings)
    for name in filter(None, (sentence.finding, *sentence.evidence)):
        for mapping in mappings.get(name, ()):
            fits = sentence.provision is None or mapping.provision == sentence.provision
            if fits and carries(case, mapping.of):
                return True
    return False


def _passed_mappings(case: CaseFile) -> Mapping[str, list[ProvisionMapping]]:
    """Mappings that passed, by their own name and by that of their finding."""
    found: dict[str, list[ProvisionMapping]] = {}
    for name, mapping in case.named(ProvisionMapping).items():
        if mapping.status == _PASSED:
            found.setdefault(mapping.of, []).append(mapping)
            found.setdefault(name, []).append(mapping)
    return found


def _role_of_place(case: CaseFile, name: str | None) -> str | None:
    found = case.find(name) if name else None
    return found.place_role if isinstance(found, PlaceClaim | PlaceMatch) else None


def _words(role: str) -> str:
    return role.replace("_", " ")


def _mappings(case: CaseFile) -> Iterator[Violation]:
    for name, mapping in case.named(ProvisionMapping).items():
        if mapping.status in _DECIDED and not (mapping.by and mapping.reason):
            yield Violation(
                "M7.mapping",
                name,
                "It is more than a candidate, and no legal reviewer gives the reasons",
                "Name the legal reviewer and the reasons, or leave it a candidate",
            )
        unmet = [fact.need for fact in mapping.needs if fact.met == "no"]
        if mapping.status in _DECIDED and unmet:
            yield Violation(
                "M7.mapping",
                name,
                f"Facts that the provision needs are not there: {', '.join(unmet)}",
                "Leave it a candidate, or reject it",
            )


RULES = (
    Rule(
        "F12",
        "domain model, sections 4, 7 and 14",
        True,
        "A legal label needs a passed mapping, and a place keeps the role in which it was named",
        _f12,
    ),
)
FURTHER = (
    Rule(
        "M7.mapping",
        "domain model, section 7",
        True,
        "A mapping is a legal reviewer's, with reasons",
        _mappings,
    ),
)
