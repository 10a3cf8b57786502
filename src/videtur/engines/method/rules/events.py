"""What moves calls, commitments and requests: an event that names nothing or no status would move nothing."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from videtur.engines.method import vocabulary
from videtur.engines.method.accountability.effects import OTHERS
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import (
    Action,
    Call,
    Commitment,
    FollowUp,
    RequestForComment,
)
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.rules.rule import Rule, Violation

_STATUSES = (
    (Call, ("call_status",)),
    (Commitment, ("commitment_status", "outcome")),
    (RequestForComment, ("rfc_status",)),
)


def _effects(case: CaseFile) -> Iterator[Violation]:
    for name, follow_up in case.named(FollowUp).items():
        for key, value in (follow_up.effect or {}).items():
            target, _, field = key.partition(".")
            if target in OTHERS or field in OTHERS:
                continue
            found = case.find(target)
            if found is None:
                yield Violation(
                    "M10.effect",
                    name,
                    f"It changes {target}, which is not in the case",
                    "Name a call, a commitment or an allegation of the case",
                )
            elif isinstance(found, Call):
                table = _table(value, field)
                yield from _strangers(name, found, [party for party in table if party])
                yield from _no_statuses(name, found, [str(each) for each in table.values()])
            elif isinstance(found, Commitment):
                yield from _no_statuses(name, found, [str(each) for each in _table(value, field).values()])
    for name, action in case.named(Action).items():
        on = case.find(action.on)
        if isinstance(on, Call) and action.party:
            yield from _strangers(name, on, [action.party])
        if on is not None and action.becomes:
            yield from _no_statuses(name, on, [action.becomes])


def _table(value: Any, field: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {field: value}


def _strangers(where: str, call: Call, parties: list[str]) -> Iterator[Violation]:
    strangers = sorted(set(parties) - set(call.to))
    if strangers:
        yield Violation(
            "M10.effect",
            where,
            f"It moves {call.id} for {', '.join(strangers)}, to whom it does not go",
            "Name an addressee of the call",
        )


def _no_statuses(where: str, on: Entity, words: list[str]) -> Iterator[Violation]:
    for kind, names in _STATUSES:
        if isinstance(on, kind):
            known = {word for name in names for word in vocabulary.words(name)}
            for word in words:
                if word not in known:
                    yield Violation(
                        "M10.effect",
                        where,
                        f"{word!r} is no status that {on.reference} can have",
                        "Use a word of the vocabulary",
                    )


FURTHER = (
    Rule(
        "M10.effect",
        "domain model, section 10",
        True,
        "What happened moves a thing that is in the case, to a status that there is",
        _effects,
    ),
)
