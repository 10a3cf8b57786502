"""What a sentence may say: hedges, counts, verified, likelihood, evidence and quotations."""

import re
from collections.abc import Iterator

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Statement
from videtur.engines.method.entities.case import Allegation, HouseRules, Lead
from videtur.engines.method.entities.footage import Count, FootageFamily, Observation
from videtur.engines.method.entities.publication import RenderedCount
from videtur.engines.method.entities.verification import Finding
from videtur.engines.method.footage_status import footage_status
from videtur.engines.method.gates import carries
from videtur.engines.method.rules.rule import Rule, Violation
from videtur.engines.method.rules.sentences import H4, Said, rank, sentences

LONGEST_QUOTATION = 25
_FLAT = {"affiliation", "act", "injury", "captivity", "death", "cause_of_injury", "intent"}
_AT_LEAST = (
    "at least",
    "no fewer than",
    "щонайменше",
    "принаймні",
    "не менше",
    "не менее",
    "по меньшей мере",
)
_UP_TO = ("up to", "at most", "no more than", "не більше", "щонайбільше", "не более", "самое большее")
_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def _f01(case: CaseFile) -> Iterator[Violation]:
    for said in sentences(case):
        flat = sorted(_FLAT.intersection(said.sentence.asserts))
        if said.sentence.level is None and flat:
            what = ", ".join(flat).replace("_", " ")
            yield said.breaks("F01", f"It states {what} without a hedge", "Say what appears, or who says so")
    for name, observation in case.named(Observation).items():
        says = observation.act or observation.injury or observation.role or observation.state
        if observation.withdrawn_because is None and says and not _is_one_observers(observation.hedge):
            level = observation.hedge or "no hedge"
            yield Violation(
                "F01",
                name,
                f"It has {level}, but what one person sees or hears appears so",
                "Give it H1_appears, or H0_alleged with the one who says it",
            )
    for name, allegation in case.named(Allegation).items():
        if allegation.hedge is not None and rank(allegation.hedge) >= H4 and not _is_found(case, name):
            yield Violation(
                "F01",
                name,
                f"It is worded at {allegation.hedge} with no approved finding",
                "Word it as alleged or apparent until a finding carries it",
            )
    for name, family in case.named(FootageFamily).items():
        setting = family.claimed_setting
        if setting is not None and setting.hedge is not None and rank(setting.hedge) >= H4:
            yield Violation(
                "F01",
                name,
                f"What {setting.by} says it shows is worded at {setting.hedge}",
                "Word a claimed setting as alleged or apparent",
            )


def _is_one_observers(hedge: str | None) -> bool:
    return hedge is not None and rank(hedge) < H4


def _is_found(case: CaseFile, allegation: str) -> bool:
    return any(
        finding.allegation == allegation and carries(case, name)
        for name, finding in case.named(Finding).items()
    )


def _f05(case: CaseFile) -> Iterator[Violation]:
    for said in sentences(case):
        if said.sentence.says_verified and not said.sentence.aspects_named:
            yield said.breaks(
                "F05", "It says verified and not what was", "Name the aspects that are verified"
            )
        for name in said.sentence.says_verified:
            family = case.get(FootageFamily, name)
            if family is None:
                continue
            status = footage_status(case, name)
            weak = [each for each in said.sentence.aspects_named if family.aspect(each) != "established"]
            if status != "verified":
                yield said.breaks(
                    "F05",
                    f"It calls {name} verified, which is {status.replace('_', ' ')}",
                    "Say where the verification stands, or leave the word out",
                )
            elif weak:
                yield said.breaks(
                    "F05",
                    f"It says that {', '.join(weak)} of {name} is verified, which is not established",
                    "Name only aspects that are established",
                )


def _f08(case: CaseFile) -> Iterator[Violation]:
    for name, observation in case.named(Observation).items():
        if observation.render and observation.count and not _says(observation.render, observation.count):
            yield Violation(
                "F08",
                name,
                f"{observation.render!r} is not what the count says: {_bounds(observation.count)}",
                f"Say {_words(observation.count)!r}",
            )
    for said in sentences(case):
        for count in said.sentence.counts:
            yield from _wrong_count(case, said, count)


def _wrong_count(case: CaseFile, said: Said, rendered: RenderedCount) -> Iterator[Violation]:
    found = [each for name in rendered.observations if (each := case.get(Observation, name))]
    counts = [each.count for each in found if each.count]
    if _says_exactly(rendered):
        if not _is_counted(rendered, counts):
            yield said.breaks(
                "F08", "A number that is only a bound is said to be exact", "Say at least, or up to"
            )
    elif rendered.rendered_max is not None and not _is_bounded(rendered, rendered.rendered_max, counts):
        yield said.breaks(
            "F08",
            f"It says at most {rendered.rendered_max}, and no observation says that there were no more",
            "Say at least, or leave the upper number out",
        )
    least = [each.min for each in counts if each.min is not None]
    if rendered.summed:
        linked = rendered.distinctness not in rendered.observations and case.find(rendered.distinctness or "")
        same = any(name in each.same_persons_as for each in found for name in rendered.observations)
        if not linked or isinstance(linked, Lead) or same:
            yield said.breaks(
                "F08",
                "Counts are added that may be of the same persons",
                "Take the largest of them, or name what shows that the persons are distinct",
            )
        if rendered.rendered_min is not None and rendered.rendered_min > sum(least):
            yield said.breaks(
                "F08", f"It says at least {rendered.rendered_min}", f"Say at least {sum(least)}"
            )
    elif rendered.rendered_min is not None and rendered.rendered_min > (most := max(least, default=0)):
        yield said.breaks(
            "F08",
            f"It says at least {rendered.rendered_min}, and no observation shows more than {most}",
            "Take the largest minimum of one group, and never the sum",
        )


def _says_exactly(rendered: RenderedCount) -> bool:
    """Whether a number is said as it is: two bounds that are one number are no bounds."""
    return rendered.exact or (
        rendered.rendered_min is not None and rendered.rendered_min == rendered.rendered_max
    )


def _is_counted(rendered: RenderedCount, counts: list[Count]) -> bool:
    """Whether that very number was counted; a sum is exact where each of its parts is."""
    number = rendered.rendered_min if rendered.rendered_min is not None else rendered.rendered_max
    exact = [each.min for each in counts if each.min is not None and each.min == each.max]
    if rendered.summed:
        return bool(exact) and len(exact) == len(counts) and number in (None, sum(exact))
    return number in exact if number is not None else bool(exact)


def _is_bounded(rendered: RenderedCount, most: int, counts: list[Count]) -> bool:
    """Whether an observation, or for a sum each of them, says that there were no more."""
    bounds = [each.max for each in counts if each.max is not None]
    if rendered.summed:
        return bool(bounds) and len(bounds) == len(counts) and most >= sum(bounds)
    return bool(bounds) and most >= min(bounds)


def i3(case: CaseFile) -> Iterator[Violation]:
    """A rendered minimum is no less than what one observation shows (more than that is F08)."""
    for said in sentences(case):
        for rendered in said.sentence.counts:
            found = (case.get(Observation, name) for name in rendered.observations)
            least = max((o.count.min or 0 for o in found if o is not None and o.count), default=0)
            if rendered.rendered_min is not None and rendered.rendered_min < least:
                yield said.breaks(
                    "I3",
                    f"It says at least {rendered.rendered_min}, and {least} were seen at once",
                    f"Say at least {least}",
                )


def _says(words: str, count: Count) -> bool:
    text = words.casefold()
    low, high = count.min, count.max
    numbers = _numbers(text)
    if low is not None and low == high:
        return not numbers or numbers == {low}
    if high is None:
        return any(each in text for each in _AT_LEAST) and (not numbers or numbers == {low})
    if low is None:
        return any(each in text for each in _UP_TO) and (not numbers or numbers == {high})
    return numbers == {low, high}


def _numbers(text: str) -> set[int]:
    return {
        int(word) if word.isdigit() else _NUMBERS.index(word)
        for word in re.findall(r"[^\W_]+", text)
        if word.isdigit() or word in _NUMBERS
    }


def _bounds(count: Count) -> str:
    return f"min {count.min}, max {count.max}"


def _words(count: Count) -> str:
    if count.min is not None and count.min == count.max:
        return f"{count.min} (counted)"
    if count.max is None:
        return f"at least {count.min}"
    return f"up to {count.max}" if count.min is None else f"between {count.min} and {count.max}"


def _f23(case: CaseFile) -> Iterator[Violation]:
    rules = case.one(HouseRules)
    first = rules.likelihood_scale if rules is not None else None
    for where, said in _judged(case):
        likelihood, confidence, scale = said
        if likelihood and confidence:
            yield Violation(
                "F23",
                where,
                "It gives likelihood and confidence at once",
                "Say the likelihood in one sentence and the confidence in another",
            )
        first = first or scale
        if scale is not None and scale != first:
            yield Violation(
                "F23",
                where,
                f"It uses {scale} in a case that uses {first}",
                f"Word it by {first}; the same word has other bounds in the other scale",
            )


def _judged(case: CaseFile) -> Iterator[tuple[str, tuple[str | None, str | None, str | None]]]:
    for name, finding in case.named(Finding).items():
        if finding.status not in ("rejected", "withdrawn"):
            yield name, (finding.likelihood, finding.confidence, finding.scale)
    for said in sentences(case):
        each = said.sentence
        yield f"{said.release.id} sentence {each.id}", (each.likelihood, each.confidence, each.scale)


def _f29(case: CaseFile) -> Iterator[Violation]:
    for said in sentences(case):
        each = said.sentence
        single = (
            each.statement,
            each.finding,
            each.commitment,
            each.utterance,
            each.place,
            each.court_record,
        )
        if not each.evidence and not any(single) and not any(count.observations for count in each.counts):
            yield said.breaks("F29", "It rests on nothing", "Link the evidence that it rests on, or drop it")


def _f33(case: CaseFile) -> Iterator[Violation]:
    quoted = [
        (name, statement.quote, statement.capture)
        for name, statement in case.named(Statement).items()
        if statement.quote
    ]
    quoted += [
        (f"{said.release.id} sentence {said.sentence.id}", said.sentence.quotation, said.sentence.capture)
        for said in sentences(case)
        if said.sentence.quotation
    ]
    for where, quotation, capture in quoted:
        words = len(quotation.split())
        if words > LONGEST_QUOTATION:
            yield Violation(
                "F33",
                where,
                f"It quotes {words} words, more than {LONGEST_QUOTATION}",
                "Quote less, or give the sense",
            )
        if not capture:
            yield Violation(
                "F33", where, "It quotes without a capture", "Name the capture that holds the words"
            )


_MODEL = "domain model, sections 5 and 14"
RULES = (
    Rule(
        "F01",
        _MODEL,
        True,
        "Whose side people are on, what they do and how they are hurt is said with a hedge",
        _f01,
    ),
    Rule(
        "F05",
        _MODEL,
        True,
        "Only verified footage is called verified, and the sentence says what of it",
        _f05,
    ),
    Rule(
        "F08",
        f"{_MODEL}; practice of HRMMU",
        True,
        "A minimum is said as a minimum, and copies add nothing",
        _f08,
    ),
    Rule(
        "F23",
        f"{_MODEL}; ICD 203",
        True,
        "Likelihood and confidence are never in one sentence, and a case keeps to one scale",
        _f23,
    ),
    Rule("F29", _MODEL, True, "Every sentence of a report leads to its evidence", _f29),
    Rule("F33", _MODEL, True, f"A quotation has at most {LONGEST_QUOTATION} words and a capture", _f33),
)
