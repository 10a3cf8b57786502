"""File names as evidence: kept as bytes, shown without a chance to deceive."""

import re
import unicodedata

_CATEGORIES_SHOWN = frozenset({"Ll", "Lu", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "No", "Zs"}) | frozenset(
    {"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"}
)
_ESCAPED = re.compile(r"\\(?:\\|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")


def printable_name(name: bytes) -> str:
    r"""One line of visible text for a name: no two names look the same to a reader who minds the escapes.

    Bytes that are not UTF-8 become `\xNN`, characters that break lines, turn the writing direction or show
    nothing become `\uNNNN` or `\UNNNNNNNN`, and a backslash becomes two.
    """
    return "".join(_shown(character) for character in name.decode("utf-8", "surrogateescape"))


def name_from_printable(shown: str) -> bytes:
    """The bytes that `printable_name` showed."""

    def original(match: re.Match[str]) -> str:
        if match[1]:
            return chr(0xDC00 + int(match[1], 16))
        code = match[2] or match[3]
        return chr(int(code, 16)) if code else "\\"

    return _ESCAPED.sub(original, shown).encode("utf-8", "surrogateescape")


def _shown(character: str) -> str:
    code = ord(character)
    if character == "\\":
        return "\\\\"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(character) in _CATEGORIES_SHOWN and not (
        character != " " and unicodedata.category(character) == "Zs"
    ):
        return character
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
