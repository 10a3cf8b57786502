"""Writing a case as a file that says what it was read from."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

import yaml

from videtur.engines.method.case_file.model import KINDS, CaseFile
from videtur.engines.method.case_file.nodes import UNQUOTED
from videtur.engines.method.entities.base import DateText
from videtur.engines.method.entities.case import ExpectedBoard, ExpectedSentences, SymmetryGroup

_WIDTH = 140
_TIME = "tag:yaml.org,2002:timestamp"
_NULL = "tag:yaml.org,2002:null"
_LAST = ("access", "note")
_BREAKS = frozenset("\r\x85\u2028\u2029\ufeff")


class _Dumper(yaml.SafeDumper):
    """Dates without quotation marks, lists of values on one line."""

    def ignore_aliases(self, data: object) -> bool:
        """A value that stands twice is written twice."""
        return True

    def choose_scalar_style(self) -> str:
        """Nothing for a value that is not there, and a point in time bare: PyYAML would quote or tag them."""
        event = self.event
        bare = isinstance(event, yaml.ScalarEvent) and (event.tag, event.value) == (_NULL, "")
        dated = isinstance(event, yaml.ScalarEvent) and event.tag == _TIME and event.implicit[0]
        return "" if bare or dated else str(super().choose_scalar_style())


class _Line(dict[str, Any]):
    """A mapping on one line, as only there a comma ends a text."""


class _Nothing:
    """The value that YAML gives to what follows a bare comma."""


_NOTHING = _Nothing()


def _line(dumper: yaml.SafeDumper, mapping: _Line) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping.items(), flow_style=True)


def _nothing(dumper: yaml.SafeDumper, _value: _Nothing) -> yaml.Node:
    return dumper.represent_scalar(_NULL, "")


def _date(dumper: yaml.SafeDumper, text: DateText) -> yaml.Node:
    plain = str(dumper.resolve(yaml.ScalarNode, str(text), (True, False)))  # pyright: ignore[reportUnknownArgumentType]
    if plain != _TIME:
        return dumper.represent_str(str(text))  # a bare year would come back as a number
    return dumper.represent_scalar(plain, str(text))


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    # A plain or single-quoted text would lose these: YAML reads them as ends of lines.
    style = '"' if _BREAKS.intersection(text) or not text.isprintable() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _tuple(dumper: yaml.SafeDumper, values: tuple[Any, ...]) -> yaml.Node:
    return dumper.represent_list(list(values))


_Dumper.add_representer(DateText, _date)
_Dumper.add_representer(_Line, _line)
_Dumper.add_representer(_Nothing, _nothing)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(tuple, _tuple)


def document_of(case: CaseFile) -> dict[str, Any]:
    """The case as the mapping that a file holds, sections in their order; dates are `DateText`."""
    content: dict[str, Any] = {"schema": case.schema, "id": case.id}
    if case.as_of is not None:
        content["as_of"] = DateText(case.as_of)
    for kind in KINDS:
        entities = case.all(kind)
        if entities:
            given = [_as_a_file_has_it(entity.as_given()) for entity in entities]
            content.update(_section(kind, given))
    return content


def write_case(case: CaseFile) -> str:
    """The case as YAML. `read_case` gives the same case back."""
    return yaml.dump(
        document_of(case),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=_WIDTH,
        default_flow_style=None,
    )


def _as_a_file_has_it(value: Any) -> Any:
    """Names first and notes last; text that came with bare commas in the pieces YAML makes of it."""
    if isinstance(value, list | tuple):
        return [_as_a_file_has_it(part) for part in cast("Iterable[Any]", value)]
    if not isinstance(value, dict):
        return value
    given = cast("dict[str, Any]", value)
    split: tuple[str, ...] = tuple(given.get(UNQUOTED, ()))
    ordered = [*(key for key in given if key not in _LAST), *(key for key in _LAST if key in given)]
    out: dict[str, Any] = {}
    for key in ordered:
        if key == UNQUOTED:
            continue
        if key in split:
            first, *rest = str(given[key]).split(", ")
            out[key] = first
            out.update(dict.fromkeys(rest, _NOTHING))
        else:
            out[key] = _as_a_file_has_it(given[key])
    return _Line(out) if split else out


def _section(kind: type, given: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    if kind is SymmetryGroup and len(given) == 1:
        yield "symmetry_group", given[0]
    elif kind is ExpectedSentences:
        for key, name in (("passing", "expected_sentences_pass"), ("failing", "expected_sentences_fail")):
            if key in given[0]:
                yield name, given[0][key]
    elif kind is ExpectedBoard:
        for each in given:
            yield f"expected_accountability_board_{each['date'].replace('-', '_')}", each["board"]
    elif getattr(kind, "single", False):
        yield str(getattr(kind, "section", "")), given[0]
    else:
        yield str(getattr(kind, "section", "")), given
