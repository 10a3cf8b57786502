"""Sources, their grades and how many there are (domain model, section 6)."""

from collections.abc import Iterator

from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.conditions import grades_in_force
from videtur.engines.method.entities.case import SourceArticle
from videtur.engines.method.entities.evidence import Source, SourceGrade
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.footage_status import footage_status
from videtur.engines.method.independence import independent_origins, independent_source_count
from videtur.engines.method.rules.rule import Rule, Violation
from videtur.engines.method.rules.sentences import sentences

_LETTERS = vocabulary.words("source_reliability")
_DEFAULT_LETTER = "F"
_ORIGINS_FOR_ONE = 2
_ONE_ORIGIN, _VERIFIED, _OWN_WORD, _AGAINST_INTEREST = 3, 2, 3, 2


def _f09(case: CaseFile) -> Iterator[Violation]:
    for name, grade in case.named(SourceGrade).items():
        if grade.information_credibility != 1:
            continue
        origins = len(independent_origins(case, grade.independent_origins))
        if origins < _ORIGINS_FOR_ONE:
            yield Violation(
                "F09",
                name,
                f"It gives digit 1 on {origins} independent origins",
                "Name two origins that are recorded as independent of each other, or give 2 or lower",
            )


def _f10(case: CaseFile) -> Iterator[Violation]:
    for name, family in case.named(FootageFamily).items():
        stated, derived = family.independent_source_count, independent_source_count(case, name)
        if isinstance(stated, int) and stated != derived:
            said = "nobody knows yet how many" if derived is None else f"all its copies are {derived}"
            yield Violation(
                "F10",
                name,
                f"It is counted as {stated} independent sources; {said}",
                "Count one recording once, however many copies and versions of it there are",
            )
    for said in sentences(case):
        counted = said.sentence.sources_counted
        number = said.sentence.source_count if said.sentence.source_count is not None else len(counted)
        origins = len(independent_origins(case, counted))
        if number > origins:
            yield said.breaks(
                "F10",
                f"It counts {number} sources where {origins} are independent",
                "Count only origins recorded as independent; copies and relays are none",
            )


def _caps(case: CaseFile) -> Iterator[Violation]:
    article = case.one(SourceArticle)
    if article is not None and article.grade and article.grade.information_credibility < _ONE_ORIGIN:
        yield _graded_too_high("source_article", _ONE_ORIGIN, "one origin alone")
    for name, grade in case.named(SourceGrade).items():
        source = case.get(Source, grade.source)
        if source is None:
            continue
        digit = grade.information_credibility
        if source.party is not None and source.kind == "official_statement":
            cap = _AGAINST_INTEREST if grade.against_own_interest else _OWN_WORD
            if digit < cap:
                yield _graded_too_high(name, cap, "a party's own word for itself")
        elif digit == _VERIFIED and not _is_verified(case, source):
            origins = len(independent_origins(case, (grade.source, *grade.independent_origins)))
            if origins < _ORIGINS_FOR_ONE and not grade.against_own_interest:
                yield _graded_too_high(name, _ONE_ORIGIN, "one origin alone")


def _graded_too_high(where: str, cap: int, what: str) -> Violation:
    return Violation(
        "M6.cap",
        where,
        f"Its digit is better than {cap}, the most that {what} can have",
        f"Give {cap} or lower, or name independent origins that confirm it",
    )


def _is_verified(case: CaseFile, source: Source) -> bool:
    family = source.footage
    known = family is not None and case.get(FootageFamily, family) is not None
    return known and footage_status(case, str(family)) == "verified"


def _letters(case: CaseFile) -> Iterator[Violation]:
    latest = case.once(grades_in_force)
    for name, grade in case.named(SourceGrade).items():
        source = case.get(Source, grade.source)
        if source is None or latest.get(grade.source) is not grade:
            continue
        letter = grade.source_reliability
        if source.anonymous and letter != _DEFAULT_LETTER:
            yield Violation(
                "M6.letter",
                name,
                f"It gives {letter} to somebody whom nobody knows",
                "Give F: who is not known cannot be judged",
            )
        elif source.relays is not None:
            original = latest.get(source.relays)
            most = original.source_reliability if original else _DEFAULT_LETTER
            if _LETTERS.index(letter) < _LETTERS.index(most):
                yield Violation(
                    "M6.letter",
                    name,
                    f"It gives {letter} to a relay of {source.relays}, which has {most}",
                    f"Give {most} or lower, or first grade {source.relays}",
                )


_MODEL = "domain model, sections 6 and 14; Admiralty grades"
RULES = (
    Rule("F09", _MODEL, True, "Digit 1 needs two origins that are independent of each other", _f09),
    Rule("F10", _MODEL, True, "Copies of one recording are one source", _f10),
)
FURTHER = (
    Rule("M6.cap", _MODEL, True, "One origin, and a party's word for itself, have a highest digit", _caps),
    Rule(
        "M6.letter",
        _MODEL,
        True,
        "Nobody unknown has a letter, and no relay a better one than its origin",
        _letters,
    ),
)
