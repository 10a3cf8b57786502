"""Writes docs/reference/vocabulary.md from the vocabularies; with --check, says if it is so."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "vocabulary.md"
HEAD = """# Vocabularies

The words a record may use, as data with a version: `{version}`
(`src/videtur/engines/method/vocabulary.yaml`). A record keeps the identifier; a page shows its reading in
the reader's language. A word that is not listed is refused, with the list.

The lists are our own operationalisation, except where the data names a source: the Berkeley Protocol
(phases, principles, what a capture holds, properties of preservation), the Istanbul Protocol (degrees of
consistency), Admiralty grades, ICD 203 and the IPCC (likelihood).
"""
INTRODUCTIONS = {
    "hedge": "From H0 to H6, each rung needs more than the one before. A sentence stands no higher than the "
    "lowest of what it asserts.",
    "standard_of_proof": "`beyond_reasonable_doubt` cannot be set: it belongs to courts, and is only quoted.",
    "qty_qualifier": "House rule: how far the true number may be from the number that is said.",
    "source_reliability": "The letter judges the origin, apart from the digit. Where nobody graded: F.",
    "information_credibility": "The digit judges the item, apart from the letter. Where nobody graded: 6.",
    "istanbul_consistency": "For a medical expert alone.",
    "act": "Acts are neutral. Legal words live in the mapping of a finding to a provision, nowhere else.",
    "persons_role_apparent": "A role is always apparent: what people look like, and no more.",
    "affiliation_grade": "Affiliation is always apparent; each indicator alone is a single one.",
}


def main() -> int:
    """Write the page, or with --check say whether it is as it should be."""
    _load_django()
    wanted = page()
    if "--check" in sys.argv:
        same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted
        print("as it should be" if same else "out of date: run scripts/vocabulary_reference.py")
        return int(not same)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


def page() -> str:
    """The whole page."""
    from videtur.cases import words
    from videtur.engines.method import vocabulary

    parts = [HEAD.format(version=vocabulary.version())]
    for name in words.SPOKEN:
        parts.append(f"## `{name}`\n")
        if name in INTRODUCTIONS:
            parts.append(INTRODUCTIONS[name] + "\n")
        parts.append("\n".join(_table(name)) + "\n")
    return "\n".join(parts)


def _table(name: str) -> Iterator[str]:
    from videtur.engines.method import vocabulary

    heading, details = _details(name)
    yield "| word | English | Ukrainian | Russian |" + (f" {heading} |" if heading else "")
    yield "|---|---|---|---|" + ("---|" if heading else "")
    for word in vocabulary.words(name):
        cells = [f"`{word}`", *_readings(word)] + ([details[word]] if heading else [])
        yield f"| {' | '.join(cells)} |"


def _readings(word: str) -> Iterator[str]:
    from django.utils.translation import override

    from videtur.cases.words import term

    for language in ("en", "uk", "ru"):
        with override(language):
            yield term(word)


def _details(name: str) -> tuple[str, dict[str, str]]:
    """A further column, with its heading: what a word allows, asks or means in numbers."""
    from videtur.engines.method import vocabulary

    table = vocabulary.table(name)
    if name == "aspects":
        return "asks", {aspect["id"]: aspect["q"] for aspect in table}
    if name == "hedge":
        return "in a sentence", {rung["id"]: ", ".join(rung["words"]) for rung in table}
    if name == "qty_qualifier":
        return "tolerance", {word: _span(low, high) for word, (low, high) in table.items()}
    if name in ("icd203", "ipcc_likelihood"):
        return "in percent", {word: f"{low} to {high}" for word, (low, high) in table.items()}
    if name in ("berkeley_principles", "ipcc_confidence"):
        return "holds", {word: ", ".join(f"`{each}`" for each in below) for word, below in table.items()}
    return "", {}


def _span(low: float | None, high: float | None) -> str:
    if low == high == 0:
        return "none"
    below = "any number below" if low is None else f"{low} %"
    above = "any number above" if high is None else f"+{high} %" if high else "0 %"
    return f"{below} to {above}"


def _load_django() -> None:
    """Readings come from the catalogues, which want settings: those of a workspace that is thrown away."""
    from videtur.workspace import ENVIRONMENT_VARIABLE, write_workspace

    folder = tempfile.mkdtemp(prefix="videtur-words-")
    os.environ[ENVIRONMENT_VARIABLE] = str(write_workspace(Path(folder) / "workspace").root)
    os.environ["DJANGO_SETTINGS_MODULE"] = "videtur.web.settings"
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
