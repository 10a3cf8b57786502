"""Posting dates: from the words of a page to EDTF (level 1), where the words leave no choice.

A date that can be read in two ways gives nothing: the words are kept beside it, and a missing date does
less harm than a wrong one.
"""

import calendar
import re
from datetime import date

_YEAR = r"(?:[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)"
_MONTH_DAY = r"(?:-(?:0[1-9]|1[0-2]|2[1-4])(?:-(?:[0-2][0-9]|3[01]|XX))?|-XX(?:-XX)?)"
_DATE = re.compile(rf"({_YEAR})({_MONTH_DAY})?([?~%])?")
_ISO_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})[./]([0-9]{1,2})[./]([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap]\.?m\.?)?"
_AFTER = re.compile(rf"(?:,|·|at|в|во|о|об|\s)*\s{_CLOCK}$")
_BEFORE = re.compile(rf"^{_CLOCK}\s*(?:,|·|\s)\s*")
_YEAR_WORD = re.compile(r"(?<=[0-9])\s*(?:г\.?|р\.?|года|році|року)$")
_DAY_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ .]+([^\W\d_]+)\.?,? ([0-9]{4})")
_MONTH_DAY_YEAR = re.compile(r"([^\W\d_]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_MONTH_YEAR = re.compile(r"([^\W\d_]+)\.? ([0-9]{4})")
_OPEN = ("..", "")

_MONTH_WORDS = (
    ("january", "jan", "января", "январь", "янв", "січня", "січень", "січ"),
    ("february", "feb", "февраля", "февраль", "фев", "февр", "лютого", "лютий", "лют"),
    ("march", "mar", "марта", "март", "мар", "березня", "березень", "бер"),
    ("april", "apr", "апреля", "апрель", "апр", "квітня", "квітень", "квіт"),
    ("may", "мая", "май", "травня", "травень", "трав"),
    ("june", "jun", "июня", "июнь", "июн", "червня", "червень", "черв"),
    ("july", "jul", "июля", "июль", "июл", "липня", "липень", "лип"),
    ("august", "aug", "августа", "август", "авг", "серпня", "серпень", "серп"),
    ("september", "sep", "sept", "сентября", "сентябрь", "сен", "сент", "вересня", "вересень", "вер"),
    ("october", "oct", "октября", "октябрь", "окт", "жовтня", "жовтень", "жовт"),
    ("november", "nov", "ноября", "ноябрь", "ноя", "нояб", "листопада", "листопад", "лист"),
    ("december", "dec", "декабря", "декабрь", "дек", "грудня", "грудень", "груд"),
)
_MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words}


def edtf_of(text: str) -> str:
    """The EDTF date that the text can only mean, or an empty string."""
    words = " ".join(text.split())
    return _interval(words) or _edtf_date(words) or _iso_time(words) or _spoken(words)


def _interval(words: str) -> str:
    start, slash, end = words.partition("/")
    if not slash or "/" in end or (start in _OPEN and end in _OPEN):
        return ""
    parts = [part if part in _OPEN else _edtf_date(part) for part in (start, end)]
    if parts != [start, end]:
        return ""
    if start not in _OPEN and end not in _OPEN and _earliest(start) > _latest(end):
        return ""
    return words


def _edtf_date(words: str) -> str:
    if not _DATE.fullmatch(words):
        return ""
    try:
        return words if _earliest(words) <= _latest(words) else ""
    except ValueError:
        return ""


def _earliest(edtf: str) -> date:
    year, month, day = _parts(edtf)
    first = int(year.replace("X", "0")) or 1
    if month in ("", "XX") or int(month) > 12:
        return date(first, 1, 1)
    return date(first, int(month), 1 if day in ("", "XX") else int(day))


def _latest(edtf: str) -> date:
    year, month, day = _parts(edtf)
    last = int(year.replace("X", "9"))
    if month in ("", "XX") or int(month) > 12:
        if day not in ("", "XX"):
            raise ValueError("a season has no days")
        return date(last, 12, 31)
    if day in ("", "XX"):
        return date(last, int(month), calendar.monthrange(last, int(month))[1])
    return date(last, int(month), int(day))


def _parts(edtf: str) -> tuple[str, str, str]:
    year, month, day = [*edtf.rstrip("?~%").split("-"), "", ""][:3]
    return year, month, day


def _iso_time(words: str) -> str:
    match = _ISO_TIME.fullmatch(words)
    if match is None or not _edtf_date(match[1]):
        return ""
    hour, minute, second, zone = match[2], match[3], match[4], match[5] or ""
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return ""
    if second is None:  # EDTF has no hour and minute without seconds; we do not invent them
        return match[1]
    zone = _zone(zone)
    return "" if zone is None else f"{match[1]}T{hour}:{minute}:{second}{zone}"


def _zone(written: str) -> str | None:
    if written in ("", "Z", "UTC", "GMT"):
        return "Z" if written else ""
    hours, minutes = int(written[1:3]), int(written[3:].removeprefix(":") or 0)
    return f"{written[0]}{hours:02}:{minutes:02}" if hours <= 14 and minutes <= 59 else None


def _spoken(words: str) -> str:
    words = words.lower()
    if stripped := _AFTER.sub("", words):
        words = stripped
    words = _YEAR_WORD.sub("", _BEFORE.sub("", words).rstrip(" ,"))
    if match := _YEAR_FIRST.fullmatch(words):
        return _day(match[1], match[2], match[3])
    if match := _YEAR_LAST.fullmatch(words):
        readings = {_day(match[4], match[3], match[1]), _day(match[4], match[1], match[3])} - {""}
        return readings.pop() if len(readings) == 1 else ""
    if match := _DAY_MONTH.fullmatch(words):
        return _day(match[3], str(_MONTHS.get(match[2], 0)), match[1])
    if match := _MONTH_DAY_YEAR.fullmatch(words):
        return _day(match[3], str(_MONTHS.get(match[1], 0)), match[2])
    if (match := _MONTH_YEAR.fullmatch(words)) and match[1] in _MONTHS:
        return _edtf_date(f"{match[2]}-{_MONTHS[match[1]]:02}")
    return ""


def _day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
