"""The swap test (domain model, F28 and I7): two parties exchanged, nothing may change but the names.

Exchanged are the parties' codes in every field, and codes and names where they stand as words in a text. What
is derived from the exchanged case is then exchanged back and compared with what is derived from the case.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from videtur.engines.method.agreement import agreement
from videtur.engines.method.case_file.model import CaseFile, Placed
from videtur.engines.method.check import check
from videtur.engines.method.deadlines import deadlines_of
from videtur.engines.method.entities.accountability import Call, RequestForComment
from videtur.engines.method.entities.base import DateText, Entity, Value
from videtur.engines.method.entities.case import Party
from videtur.engines.method.impartiality import measures
from videtur.engines.method.letters import call_text, request_text, sentence_of_state
from videtur.errors import WrongUsage

Exchange = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that depends on which party it is."""

    where: str
    before: Any
    after: Any

    def explain(self) -> str:
        """One line for a person."""
        return f"{self.where}: {self.before!r} becomes {self.after!r} when the parties are exchanged"


def swap(case: CaseFile, a: str, b: str) -> CaseFile:
    """The case with two parties exchanged. Twice exchanged it is the same case. Raises WrongUsage."""
    exchange = _exchange(case, a, b)
    placed = tuple(Placed(exchange(each.reference), _entity(each.entity, exchange)) for each in case.placed)
    return CaseFile(case.id, case.as_of, placed, case.schema)


def differences(case: CaseFile, a: str, b: str, now: datetime | None = None) -> tuple[Difference, ...]:
    """What changes, besides names, when two parties are exchanged: nothing, or the method is not impartial.

    Deadlines are looked at as of `now`; without it nothing is overdue.
    """
    exchange = _exchange(case, a, b)
    before = outcome(case, now)
    after = _deep(outcome(swap(case, a, b), now), exchange)
    return tuple(_differing("", _settled(before), _settled(after)))


def outcome(case: CaseFile, now: datetime | None = None) -> dict[str, Any]:
    """Everything that the method says of a case, from violations and gates to texts and measures."""
    checked = check(case).as_json()
    moment = now or datetime.fromisoformat("1900-01-01T00:00:00+00:00")
    return {
        "violations": checked["violations"],
        "gates": checked["gates"],
        "derived": checked["derived"],
        "deadlines": [each.as_json() for each in deadlines_of(case, moment)],
        "texts": _texts(case),
        "measures": {each.party: each.as_json() for each in measures(case)},
        "agreement": agreement(case).as_json(),
    }


def _texts(case: CaseFile) -> dict[str, str]:
    """The template texts; a call also as each addressee alone would get it, since lists hide who is first."""
    texts = {"state": sentence_of_state(case)}
    for name, call in case.named(Call).items():
        texts[name] = call_text(case, name)
        for party in call.to:
            alone = case.with_entity(call.model_copy(update={"to": (party,)}), name)
            texts[f"{name} to {party}"] = call_text(alone, name)
    texts.update({name: request_text(case, name) for name in case.named(RequestForComment)})
    return texts


def _exchange(case: CaseFile, a: str, b: str) -> Exchange:
    first, second = case.get(Party, a), case.get(Party, b)
    if first is None or second is None or a == b:
        raise WrongUsage(
            f"{a!r} and {b!r} are not two parties of the case",
            "",
            f"There are: {', '.join(party.id for party in case.parties)}",
        )
    by_codes = _words({a: b, b: a})
    if first.name == second.name or by_codes(first.name) == second.name:
        return by_codes
    table = {a: b, b: a, first.name: second.name, second.name: first.name}
    for one in table:
        for other in table:
            if one != other and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", other):
                raise WrongUsage(
                    f"{one!r} stands inside {other!r}, so the two cannot be told apart in texts",
                    "",
                    "Give the parties names of which none holds another",
                )
    return _words(table)


def _words(table: Mapping[str, str]) -> Exchange:
    """Exchange every label that stands as a word of its own."""
    labels = "|".join(re.escape(label) for label in sorted(table, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{labels})(?!\w)")
    return lambda text: pattern.sub(lambda found: table[found.group(0)], text)


def _entity(entity: Entity, exchange: Exchange) -> Entity:
    return cast("Entity", _value(entity, exchange))


def _value(value: Any, exchange: Exchange) -> Any:
    """A value with its texts exchanged; names of fields are not texts, keys of tables are."""
    if isinstance(value, Value):
        given = {name: _value(getattr(value, name), exchange) for name in sorted(value.model_fields_set)}
        return type(value).model_validate(given)
    if isinstance(value, DateText):
        return value
    if isinstance(value, str):
        return exchange(value)
    if isinstance(value, tuple):
        return tuple(_value(part, exchange) for part in cast("tuple[Any, ...]", value))
    if isinstance(value, list):
        return [_value(part, exchange) for part in cast("list[Any]", value)]
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return {exchange(key): _value(part, exchange) for key, part in table.items()}
    return value


def _deep(value: Any, exchange: Exchange) -> Any:
    if isinstance(value, str):
        return exchange(value)
    if isinstance(value, list):
        return [_deep(part, exchange) for part in cast("list[Any]", value)]
    if isinstance(value, Mapping):
        table = cast("Mapping[str, Any]", value)
        return {exchange(key): _deep(part, exchange) for key, part in table.items()}
    return value


def _settled(value: Any) -> Any:
    """A value in which order says nothing: parties stand in alphabetical order, which exchanging turns round.

    Lists are sorted, and so are the words of a text, since a text lists parties in that order too; what a
    party is told alone shows what such a list would hide.
    """
    if isinstance(value, str):
        return " ".join(sorted(word.strip(",.;:") for word in value.split()))
    if isinstance(value, list):
        parts = [_settled(part) for part in cast("list[Any]", value)]
        return sorted(parts, key=lambda part: json.dumps(part, sort_keys=True))
    if isinstance(value, Mapping):
        table = cast("Mapping[str, Any]", value)
        return {key: _settled(part) for key, part in table.items()}
    return value


def _differing(where: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        one, two = cast("dict[str, Any]", before), cast("dict[str, Any]", after)
        for key in sorted({*one, *two}):
            yield from _differing(f"{where}.{key}".lstrip("."), one.get(key), two.get(key))
    elif before != after:
        yield Difference(where, before, after)
