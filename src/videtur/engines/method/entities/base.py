"""What all entities have in common: frozen, strict, and written back with the fields they came with."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from videtur.engines.method import vocabulary
from videtur.engines.method.dates import days_of

T = TypeVar("T")
Many = Annotated[tuple[T, ...], Field(strict=False)]
"""Several values: a list in a file, a tuple in memory."""
Number = int | float
Reference = Annotated[str, Field(pattern=r"^[^\s].{0,199}$")]
"""The name of an entity inside its case, such as AL1."""


class DateText(str):
    """A date as text that a file writes without quotation marks."""

    __slots__ = ()


def _edtf(text: str) -> str:
    days_of(text)
    return DateText(text)


def _aware(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; write 2022-03-28T14:22:00-04:00")
    return DateText(text)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"{name!r} is no time zone; write one such as Europe/Kyiv or UTC") from problem
    return name


def word_of(name: str) -> AfterValidator:
    """A check that a text is a word of that vocabulary."""

    def check(text: str) -> str:
        allowed = vocabulary.words(name)
        if text not in allowed:
            raise ValueError(f"{text!r} is no word of {name}; use one of: {', '.join(allowed)}")
        return text

    return AfterValidator(check)


def _year(value: object) -> object:
    """YAML reads a bare year as a number."""
    return f"{value:04d}" if isinstance(value, int) and not isinstance(value, bool) else value


def _said(text: str) -> str:
    if text and not text.strip():
        raise ValueError("is blank; say why, or leave it out")
    return text


Reason = Annotated[str, AfterValidator(_said)]
"""Words that a rule takes for an answer: blanks are none."""
Edtf = Annotated[str, BeforeValidator(_year), AfterValidator(_edtf)]
"""EDTF level 1, or a point in time."""
Moment = Annotated[str, AfterValidator(_aware)]
"""ISO 8601 with a time zone."""
TimeZone = Annotated[str, AfterValidator(_zone)]
"""A time zone of the IANA database."""
AccessLevel = Annotated[str, word_of("access_level")]
Hedge = Annotated[str, word_of("hedge")]
Standard = Annotated[str, word_of("standard_of_proof")]


class Value(BaseModel):
    """A part of an entity."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_by_name=True, validate_by_alias=True
    )

    unquoted: Many[str] = Field(default=(), repr=False)
    """Fields whose text a file gave with bare commas; it is written back the way it came."""

    def as_json(self) -> dict[str, Any]:
        """The fields that were given, and no others, in JSON's types; `model_validate` reads them back."""
        return self.model_dump(mode="json", exclude_unset=True, by_alias=True)

    def as_given(self) -> dict[str, Any]:
        """Like `as_json`, with dates as `DateText`: what a file is written from."""
        return self.model_dump(exclude_unset=True, by_alias=True)


class Entity(Value):
    """Something with a place in a case. A change is a new version of it, never an edit."""

    section: ClassVar[str]
    """The key of the case file under which it stands."""
    single: ClassVar[bool] = False
    """Whether a case has one of it instead of a list."""
    prefix: ClassVar[str] = ""
    """With what its references begin where a file gives none."""

    access: AccessLevel | None = None
    """Who may see it (house rule: `internal` where nothing is said)."""
    note: str | None = None

    @property
    def reference(self) -> str:
        """Its name inside the case; empty where it has none of its own."""
        return str(getattr(self, "id", ""))
