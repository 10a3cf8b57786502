"""Short ASCII names for cases, from titles in Latin or Cyrillic letters."""

import re
import unicodedata
from hashlib import sha256

LONGEST_SLUG = 80

_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "yo", "є": "ye", "ж": "zh",
    "з": "z", "и": "i", "і": "i", "ї": "yi", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
    "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch",
    "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ʼ": "", "’": "",
    "ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d",
}  # fmt: skip
# A plain reading for addresses, not a transliteration standard: the title keeps the true spelling.


def slug_of(title: str) -> str:
    """The slug of a title: lower-case ASCII letters, digits and single hyphens, never empty."""
    latin = "".join(_LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", title).lower())
    ascii_only = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:LONGEST_SLUG].strip("-")
    return slug or f"case-{sha256(title.encode('utf-8', 'replace')).hexdigest()[:8]}"
