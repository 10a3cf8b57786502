"""What a report is made of: statements, each with the evidence it rests on."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from videtur.engines.media.timecode import MediaInterval, MediaTime

_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a statement can be checked: an entry of the ledger, and a stretch of an item where it has one."""

    ledger_index: int
    item: str | None = None
    interval: MediaInterval | None = None

    def as_json(self) -> dict[str, object]:
        """The form of a report in JSON."""
        return {
            "ledger_index": self.ledger_index,
            "item": self.item,
            "interval": None if self.interval is None else self.interval.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the report. It has references, always: without evidence there is no statement."""

    text: str
    references: tuple[Reference, ...]
    quotation: str = ""
    """What a person wrote, word for word."""
    level: str = ""
    """How much those words claim: the rung of the hedging ladder they were recorded with."""

    def __post_init__(self) -> None:
        if not self.references:
            raise ValueError(f"a statement without evidence: {self.text!r}")

    @property
    def places(self) -> str:
        """The references for a reader: "entries 3-5, 9"."""
        numbers = sorted({reference.ledger_index for reference in self.references})
        return ("entry " if len(numbers) == 1 else "entries ") + ranges(numbers)

    @property
    def anchor(self) -> int:
        """The first entry it refers to."""
        return min(reference.ledger_index for reference in self.references)

    def as_json(self) -> dict[str, object]:
        """The form of a report in JSON."""
        return {
            "text": self.text,
            "quotation": self.quotation,
            "level": self.level,
            "references": [reference.as_json() for reference in self.references],
        }


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `notes` say how the report is made, and assert nothing about the case."""

    heading: str
    statements: tuple[Statement, ...] = ()
    parts: "tuple[Section, ...]" = ()
    notes: tuple[str, ...] = ()
    name: str = ""
    """For links inside the document."""

    def as_json(self) -> dict[str, object]:
        """The form of a report in JSON."""
        return {
            "heading": self.heading,
            "notes": list(self.notes),
            "statements": [statement.as_json() for statement in self.statements],
            "parts": [part.as_json() for part in self.parts],
        }


def entry(*indices: int) -> tuple[Reference, ...]:
    """References to entries of the ledger."""
    return tuple(Reference(index) for index in sorted(set(indices)))


def ranges(numbers: Sequence[int]) -> str:
    """Rising numbers for a reader: "3-5, 9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def visible(text: str) -> str:
    """The text with each character that hides, or turns the direction of writing, spelled out."""
    return "".join(
        letter if letter == "\n" or unicodedata.category(letter) not in _HIDDEN else f"[U+{ord(letter):04X}]"
        for letter in text
    )


def words(code: str) -> str:
    """A word of a vocabulary as a reader has it."""
    return code.replace("_", " ")


def listed(parts: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    found = list(parts)
    return (
        found[0]
        if len(found) == 1
        else " and ".join(filter(None, (", ".join(found[:-1]), found[-1] if found else "")))
    )


def day_and_time(moment: datetime) -> str:
    """A moment of the record, in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def clock(time: MediaTime) -> str:
    """A time in a film as hours, minutes, seconds and milliseconds (rounded down), for reading."""
    milliseconds = int(abs(time.instant) * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    sign = "-" if time.pts < 0 else ""
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def stretch(interval: MediaInterval) -> str:
    """An interval with what a record needs: the clock for reading, pts and time base for the truth."""
    start, end = interval.start, interval.end
    base = start.time_base
    exact = f"pts {start.pts} to {end.pts}, time base {base.numerator}/{base.denominator} s"
    return f"{clock(start)} to {clock(end)} ({exact})"


def counted(minimum: int | None, maximum: int | None) -> str:
    """A count as vocabulary `count_render` words it: a least number is never shown as an exact one."""
    match minimum, maximum:
        case None, None:
            return "an unknown number"
        case int(), None:
            return f"at least {minimum}"
        case None, int():
            return f"up to {maximum}"
        case _ if minimum == maximum:
            return f"{minimum} (counted)"
        case _:
            return f"between {minimum} and {maximum}"


def interval(start_pts: int, end_pts: int, numerator: int, denominator: int) -> MediaInterval:
    """A stretch from the four integers in which a row keeps it."""
    base = Fraction(numerator, denominator)
    return MediaInterval(MediaTime(start_pts, base), MediaTime(end_pts, base))
