"""The words an observation is made of, and the words it may not use.

The lists are those of the method (`videtur.engines.method.vocabulary`). Acts are neutral ("firing at
person"): the names of crimes belong to a mapping of findings to law, never to what somebody saw or heard.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from videtur.engines.method.vocabulary import words

MODALITIES = words("modality")
ROLES_APPARENT = words("persons_role_apparent")
PERSON_STATES = words("person_state")
ACTS = words("act")
ACTS_WITHOUT_TARGET = ("discharge_heard_off_camera",)
"""A sound alone does not tell at whom or at what."""
ACTS_HEARD = ("discharge_heard_off_camera",)
INJURY_REGIONS = words("injury_region")
INJURY_SIGNS = words("injury_sign")
INJURY_TIMINGS = words("injury_timing")
COUNT_BASES = words("count_basis")
HEDGES = words("hedge")
HEDGES_OF_ONE_OBSERVER = ("H0_alleged", "H1_appears")
"""What one person may say alone. The rungs above need comparison, review or a finding."""


class WordGroup(StrEnum):
    """Why a word may not stand in an observation."""

    LEGAL_LABEL = "legal_label"
    CERTAINTY = "certainty"
    ONE_SIDED_NAME = "one_sided_name"
    WORDS_OF_CAPTIVES = "words_of_captives"


WHY: dict[WordGroup, str] = {
    WordGroup.LEGAL_LABEL: "is a legal label; say what is seen or heard, and leave the law to a finding",
    WordGroup.CERTAINTY: "claims more than one observer can know; say what appears, and no more",
    WordGroup.ONE_SIDED_NAME: "takes a side; outside a quotation use the apparent role",
    WordGroup.WORDS_OF_CAPTIVES: "gives the words of an apparent captive as truth; say that it was said",
}

_FORBIDDEN: dict[WordGroup, tuple[str, ...]] = {
    # Patterns of whole words, for the three languages of the workbench.
    WordGroup.LEGAL_LABEL: (
        r"execut(?:e|es|ed|ing|ions?|ioners?)",
        r"tortur(?:e|es|ed|ing|ers?)",
        r"murder(?:s|ed|ing|ers?)?",
        r"war crimes?",
        r"crimes? against humanity",
        r"genocid(?:e|al)",
        r"казн\w*",
        r"расстрел\w*",
        r"розстріл\w*",
        r"страт(?:а|и|у|ив|или|ила|ити)",
        r"пыт(?:ка|ки|ку|ок|кам|ками|ках|кой|ал|али)",
        r"катува\w*",
        r"тортур\w*",
        r"убийств\w*",
        r"вбивств\w*",
        r"военн\w+ преступлени\w*",
        r"воєнн\w+ злочин\w*",
        r"геноцид\w*",
    ),
    WordGroup.CERTAINTY: (
        r"prov(?:e|es|ed|en|ing)",
        r"undoubtedly",
        r"clearly shows?",
        r"fakes?",
        r"доказыва\w*",
        r"несомненно",
        r"доводить",
        r"безсумнівно",
        r"фейк\w*",
    ),
    WordGroup.ONE_SIDED_NAME: (
        r"terrorists?",
        r"nazis?",
        r"orcs?",
        r"liberat(?:e|es|ed|ing|ors?)",
        r"террорист\w*",
        r"терорист\w*",
        r"нацист\w*",
        r"орк(?:и|ов|ами)?",
        r"укроп\w*",
        r"русн[яю]\w*",
        r"освободител\w*",
        r"визволител\w*",
    ),
    WordGroup.WORDS_OF_CAPTIVES: (
        r"admit(?:s|ted|ting)?",
        r"confess(?:es|ed|ing|ions?)?",
        r"призна(?:л|ла|ли|лся|лась|лись|ется|ются)",
        r"зізна(?:вся|лася|лися|ється|ються)",
    ),
}
_PATTERNS = {
    group: re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)", re.IGNORECASE)
    for group, words in _FORBIDDEN.items()
}
_QUOTATIONS = re.compile(r"«[^»]*»|“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class ForbiddenWord:
    """A word that may not stand there, with its place in the text."""

    word: str
    start: int
    end: int
    group: WordGroup

    @property
    def why(self) -> str:
        """One clause for the person who wrote it."""
        return f"“{self.word}” {WHY[self.group]}"


def forbidden_words(text: str) -> Iterator[ForbiddenWord]:
    """The words of `text` that no observation may use. Quoted speech is evidence, and is left alone."""
    # Blanks of equal length keep every position true.
    unquoted = _QUOTATIONS.sub(lambda quoted: " " * len(quoted.group()), text)
    for group, pattern in _PATTERNS.items():
        for found in pattern.finditer(unquoted):
            yield ForbiddenWord(found.group(), found.start(), found.end(), group)
