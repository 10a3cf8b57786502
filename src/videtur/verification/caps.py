"""How high a source may be graded, and why: house rules around the Admiralty scale (section 6)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.evidence import Source, SourceGrade
from videtur.engines.method.footage_status import footage_status
from videtur.engines.method.independence import independent_origins


def caps_of(case: CaseFile, reference: str, source: Source) -> Iterator[str]:
    """What limits the letter and the digit of this source, one sentence each."""
    if source.anonymous:
        yield _("Its origin is anonymous: the letter is F, cannot be judged.")
    if source.relays:
        letter = letter_of(case, source.relays)
        yield _("It repeats %(source)s, so its letter is no better than that one's: %(letter)s.") % {
            "source": source.relays,
            "letter": letter,
        }
    if source.footage and footage_status(case, source.footage) == "verified":
        yield _("It is one origin: the digit goes up to 2, since the footage is verified.")
    else:
        yield _("It is one origin: the digit goes up to 3.")
    if source.party:
        yield _("As proof of what %(party)s says of itself the digit goes up to 3; up to 2 where it speaks "
                "against its own interest.") % {"party": source.party}  # fmt: skip
    others = len(independent_origins(case, case.named(Source)))
    yield _("A digit of 1 needs two origins that are independent of each other; the case has %(count)s.") % {
        "count": others
    }


def letter_of(case: CaseFile, source: str) -> str:
    """The letter that a source was last given; F where nobody has graded it."""
    grades = [each for each in case.all(SourceGrade) if each.source == source]
    return grades[-1].source_reliability if grades else "F"
