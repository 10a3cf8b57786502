"""Text from outside, made harmless to read: nothing in it can reorder or hide other text."""

import unicodedata

_WITHOUT_A_SHAPE = ("Cc", "Cf", "Zl", "Zp", "Cs", "Co")
"""Controls, marks of direction and joiners, separators of lines and paragraphs, surrogates, private use."""


def visible(text: str) -> str:
    """The text with every character that has no shape of its own written out; line breaks stay."""
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in _WITHOUT_A_SHAPE:
        return character
    return f"⟨U+{ord(character):04X}⟩"
