"""Whose side a statement speaks for, read from the role of its speaker by one rule for all parties."""

import re

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Statement
from videtur.engines.method.entities.case import Party
from videtur.engines.method.entities.verification import Claim

_IN_PARENTHESES = re.compile(r"\([^)]*\)")
_POWER = r"(?:armed forces|forces|army|navy|military|government|ministry|authorities|state|side|parliament)"


def side_of_words(case: CaseFile, words: str) -> str | None:
    """The party to the conflict for which a speaker so described speaks; None when the words do not say.

    A party's code or name at the beginning ("RU presidential spokesman") or after "of", before a power of the
    state or at the end ("of UA forces"). What stands in parentheses tells where somebody is from, not for
    whom they speak: "journalist (UA)" is nobody's side. Two parties in one description are no answer.
    """
    bare = _IN_PARENTHESES.sub(" ", words).strip()
    found = {
        party.id
        for party in case.parties
        if party.in_conflict and any(_speaks_for(bare, name) for name in (party.id, party.name))
    }
    return found.pop() if len(found) == 1 else None


def _speaks_for(words: str, name: str) -> bool:
    label = rf"{re.escape(name)}(?:['’]s?)?"
    return bool(
        re.match(rf"(?:the )?{label}(?![\w-])", words)
        or re.search(rf"\bof (?:the )?{label}(?: {_POWER}\b|\s*(?:$|[,;]))", words)
    )


def side_of(case: CaseFile, said: Claim | Statement) -> str | None:
    """The party to the conflict for which a claim or statement speaks, if it speaks for one."""
    if isinstance(said, Statement):
        party = case.get(Party, said.body)
        return said.body if party is not None and party.in_conflict else None
    return said.side or side_of_words(case, said.by)


def concern_the_same(case: CaseFile, first: str | None, second: str | None) -> bool:
    """Whether two things may be about one matter: not when both name what they are about and share nothing.

    An allegation and its footage are one matter; the allegations of one symmetry group are not.
    """
    if first is None or second is None:
        return True
    return bool(_matter(case, first) & _matter(case, second))


def _matter(case: CaseFile, reference: str) -> frozenset[str]:
    footage = getattr(case.find(reference), "footage", ())
    return frozenset({reference, *((footage,) if isinstance(footage, str) else footage)})
