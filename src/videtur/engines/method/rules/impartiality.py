"""One measure for every party (domain model, section 11)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.comment import party_named
from videtur.engines.method.dates import days_of, first_moment
from videtur.engines.method.entities.accountability import Call, RequestForComment
from videtur.engines.method.entities.case import Party, SymmetryGroup
from videtur.engines.method.rules.rule import Rule, Violation


def _f28(case: CaseFile) -> Iterator[Violation]:
    for name, call in case.named(Call).items():
        texts = {_without_names(case, call.texts[party]) for party in call.to if party in call.texts}
        if call.text_same_for_all and len(texts) > 1:
            yield Violation(
                "F28",
                name,
                "Its texts to the parties differ in more than their names",
                "Give every addressee the same text, or say that the texts differ",
            )
    for group in case.all(SymmetryGroup):
        yield from _unequal_times(case, group)


def _without_names(case: CaseFile, text: str) -> str:
    """A text with every party's name replaced by one word, so that nothing but the rest can differ."""
    names = sorted(
        {name for party in case.all(Party) for name in (party.id, party.name)}, key=len, reverse=True
    )
    for name in names:
        text = text.replace(name, "*")
    return " ".join(text.split())


def _unequal_times(case: CaseFile, group: SymmetryGroup) -> Iterator[Violation]:
    """Counterparts get as long to answer one body as each other, unless there is a reason for less."""
    longest: dict[str, tuple[timedelta, str | None]] = {}
    given: list[tuple[str, RequestForComment, timedelta]] = []
    for name, request in case.named(RequestForComment).items():
        time = _time_given(request)
        if request.allegation in group.allegations and time is not None:
            given.append((name, request, time))
            if request.by not in longest or time > longest[request.by][0]:
                longest[request.by] = time, party_named(case, request.to)
    for name, request, time in given:
        most, party = longest[request.by]
        if time < most and party != party_named(case, request.to) and not request.short_deadline_because:
            yield Violation(
                "F28",
                name,
                f"{request.to} gets {_hours(time)} hours to answer where {party} gets {_hours(most)}",
                "Give counterparts the same time, or record the reason for less",
            )


def _time_given(request: RequestForComment) -> timedelta | None:
    """To the moment where the request says when it was sent, else in whole days."""
    if request.sent is None or request.deadline is None:
        return None
    moment = first_moment(request.sent)
    if moment is not None:
        return datetime.fromisoformat(request.deadline) - moment
    sent, due = days_of(request.sent).latest, days_of(request.deadline).latest
    return due - sent if sent is not None and due is not None else None


def _hours(time: timedelta) -> int:
    return int(time.total_seconds() // 3600)


RULES = (
    Rule(
        "F28",
        "domain model, sections 11 and 14",
        True,
        "Which party is alleged changes nothing: no gate, no deadline, no text but the names",
        _f28,
    ),
)
