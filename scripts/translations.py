"""Keep the catalogues of the workbench: find the translatable strings, update the .po, write the .mo files.

What engines and services say stands in `cases/sentences.json` too, by which a page finds its translation.

`python scripts/translations.py` updates; with `--check` it changes nothing and fails when a string has no
translation, or a .mo file does not say what its .po file says. Needs no gettext tools.
"""

import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import sentences
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE = REPOSITORY / "src" / "videtur"
LOCALE = SOURCE / "web" / "locale"
SENTENCES = SOURCE / "cases" / "sentences.json"
LANGUAGES = {"uk": "Ukrainian", "ru": "Russian"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
"""The same catalogue gives the same bytes, whenever it is written."""
CALL = re.compile(r"""\b(?:n|p)?gettext\((?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*"|[^()'"])*\)""")
Message = tuple[str | tuple[str, str], str | None, str]


def messages() -> Iterator[Message]:
    """(text or (singular, plural), context, where) of every translatable string."""
    from django.utils.translation.template import templatize

    for path in sorted(SOURCE.rglob("*.py")):
        yield from _extracted(path.read_bytes(), str(path.relative_to(REPOSITORY)))
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        where = str(path.relative_to(REPOSITORY))
        # What Django makes of a template is not quite Python: the calls alone are.
        calls = CALL.findall(templatize(path.read_text()))
        yield from _extracted("\n".join(calls).encode(), where)
    yield from _words_of_records()


def _words_of_records() -> Iterator[Message]:
    """The words that stand in data: vocabularies, fields and kinds of entities, rules."""
    from videtur.cases import labels, law_words, words
    from videtur.footage.words import TERMS

    for term in (*words.TERMS, *TERMS):
        yield words.term_in_english(term), "term", "vocabularies"
    for question in words.ASPECT_QUESTIONS:
        yield question, "question", "vocabularies"
    for field in labels.fields_of_entities():
        yield labels.label_in_english(field), "field", "entities"
    for names in labels.SECTIONS.values():
        for name in names:
            yield name, "section", "entities"
    for word in law_words.LAW_WORDS:
        yield law_words.law_word_in_english(word), "law word", "catalogue of law"
    for text in law_words.law_texts():
        yield text, "law", "catalogue of law"
    for template in sentences.templates(SOURCE):
        yield template, "said", "engines and services"


def catalogue(language: str) -> Catalog:
    """The strings of today with the translations there are; what is gone is dropped."""
    known = _read(language)
    fresh = Catalog(
        locale=language,
        project="Videtur",
        fuzzy=False,
        header_comment=f"# {LANGUAGES[language]} words of the workbench.",
    )
    for text, context, where in messages():
        old = known.get(text, context)
        fresh.add(text, old.string if old else None, locations=[(where, 0)], context=context)
    return fresh


def untranslated(catalog: Catalog) -> list[str]:
    """The strings that have no translation, or only some of their plural forms."""
    missing: list[str] = []
    for message in catalog:
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and not all(strings):
            missing.append(str(message.id))
    return missing


def main() -> int:
    """Update, or check."""
    _load_django()
    check = "--check" in sys.argv
    problems: list[str] = []
    for language in LANGUAGES:
        catalog = catalogue(language)
        problems += [f"{language}: not translated: {text}" for text in untranslated(catalog)]
        po, mo = io.BytesIO(), io.BytesIO()
        write_po(po, catalog, omit_header=False, sort_output=True, ignore_obsolete=True, include_lineno=False)
        text = re.sub(
            rb'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Language-Team|Last-Translator|'
            rb"Report-Msgid-Bugs-To):.*\n",
            b"",
            po.getvalue(),
            flags=re.MULTILINE,
        )
        compiled = read_po(io.BytesIO(text), locale=language)
        compiled.creation_date = compiled.revision_date = UNDATED
        write_mo(mo, compiled)
        problems += _kept(_path(language, "po"), text, check)
        problems += _kept(_path(language, "mo"), mo.getvalue(), check)
    listed = json.dumps(sentences.templates(SOURCE), ensure_ascii=False, indent=1) + "\n"
    problems += _kept(SENTENCES, listed.encode(), check)
    print("\n".join(problems) if problems else "Every string is translated.")
    return 1 if problems else 0


def _kept(path: Path, content: bytes, check: bool) -> list[str]:
    """Write what differs; or, for a check, say that it does."""
    if path.is_file() and path.read_bytes() == content:
        return []
    if check:
        return [f"{path.relative_to(REPOSITORY)} is stale: run scripts/translations.py"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return []


def _extracted(source: bytes, where: str) -> Iterator[Message]:
    for _line, text, _comments, context in extract("python", io.BytesIO(source), keywords=KEYWORDS):
        if isinstance(text, tuple) and context is None and len(text) == 2:
            yield (text[0], text[1]), None, where
        elif isinstance(text, tuple):
            yield text[-1], context, where
        elif text:
            yield text, context, where


def _read(language: str) -> Catalog:
    path = _path(language, "po")
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _path(language: str, kind: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"django.{kind}"


def _load_django() -> None:
    """The words of records come from the apps, which want a workspace: one that is thrown away."""
    from videtur.workspace import ENVIRONMENT_VARIABLE, write_workspace

    folder = tempfile.mkdtemp(prefix="videtur-words-")
    os.environ[ENVIRONMENT_VARIABLE] = str(write_workspace(Path(folder) / "workspace").root)
    os.environ["DJANGO_SETTINGS_MODULE"] = "videtur.web.settings"
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
