"""The sentences that stand: those of every release that was not withdrawn or flagged for correction."""

from collections.abc import Iterator
from dataclasses import dataclass

from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Correction
from videtur.engines.method.entities.footage import FootageFamily, Observation, Utterance
from videtur.engines.method.entities.publication import Release, Sentence
from videtur.engines.method.rules.rule import Violation


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in its release."""

    release: Release
    sentence: Sentence

    def breaks(self, rule: str, why: str, remedy: str) -> Violation:
        """The sentence as a violation of a rule."""
        return Violation(rule, f"{self.release.id} sentence {self.sentence.id}", why, remedy)


def standing_releases(case: CaseFile) -> Iterator[Release]:
    """Releases in preparation or in force. A flagged one stands until somebody has opened its correction."""
    corrected = {correction.release for correction in case.all(Correction)}
    for name, release in case.named(Release).items():
        if release.status == "withdrawn" or (release.status == "flagged" and name in corrected):
            continue
        yield release


def sentences(case: CaseFile) -> tuple[Said, ...]:
    """Every sentence that stands."""
    return case.once(_sentences)


def observations_of(case: CaseFile, sentence: Sentence) -> dict[str, Observation]:
    """The observations that a sentence rests on or counts."""
    names = (*sentence.evidence, *(name for count in sentence.counts for name in count.observations))
    return {name: found for name in names if (found := case.get(Observation, name)) is not None}


def utterances_of(case: CaseFile, sentence: Sentence) -> dict[str, Utterance]:
    """The utterances that a sentence rests on, by name or through an observation."""
    heard = (each.utterance for each in observations_of(case, sentence).values())
    names = (sentence.utterance, *sentence.evidence, *heard)
    return {name: found for name in names if name and (found := case.get(Utterance, name)) is not None}


def footage_of(case: CaseFile, sentence: Sentence) -> tuple[str, ...]:
    """The footage that a sentence speaks of."""
    seen = (each.footage for each in observations_of(case, sentence).values())
    names = (*sentence.says_verified, *sentence.evidence, *seen)
    return tuple(dict.fromkeys(name for name in names if case.get(FootageFamily, name) is not None))


def rank(hedge: str | None) -> int:
    """The place of a level on the ladder, 0 to 6; a sentence without one asserts flatly, above them all."""
    return len(_LEVELS) if hedge is None else _LEVELS.index(hedge)


_LEVELS = vocabulary.words("hedge")
H0, H1, H2, H3, H4, H5, H6 = range(7)


def _sentences(case: CaseFile) -> tuple[Said, ...]:
    return tuple(
        Said(release, sentence) for release in standing_releases(case) for sentence in release.sentences
    )
