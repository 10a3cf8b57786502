"""Tags and filters of our pages: built assets, and words that come from outside, made harmless to read."""

import json
import unicodedata
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from videtur.people.models import User



class Asset(TypedDict, total=False):
    """One entry of Vite's manifest, as far as we read it."""

    file: str
    css: list[str]


register = template.Library()
BUILT = Path(__file__).resolve().parents[1] / "static" / "built"


@register.simple_tag
def built(name: str) -> SafeString:
    """The script and style tags of one entry of the front end, by the manifest that Vite writes.

    Nothing when the front end has not been built: pages work without it, only less well.
    """
    manifest = _manifest(_manifest_time())
    entry = manifest.get(name) or manifest.get(f"src/{name}")
    if entry is None or "file" not in entry:
        return SafeString("")
    styles = [static(f"built/{sheet}") for sheet in entry.get("css", [])]
    links = format_html_join("", '<link rel="stylesheet" href="{}">', ((style,) for style in styles))
    script = static(f"built/{entry['file']}")
    return format_html('{}<script type="module" src="{}"></script>', links, script)


@register.filter
def shown(value: object) -> str:
    """Text from outside with everything made visible that could reorder or hide other text."""
    return "".join(_visible(character) for character in str(value))


@register.filter
def person(value: object) -> str:
    """What to call somebody."""
    return shown(value.display_name or value.username) if isinstance(value, User) else ""


@register.filter
def duration(seconds: str | None) -> str:
    """Decimal seconds as h:mm:ss; a dash when unknown."""
    if not seconds:
        return "–"
    whole = int(seconds.partition(".")[0] or 0)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


@register.filter
def utc(value: datetime) -> str:
    """A point in time, to the second, in UTC and saying so."""
    return value.strftime("%Y-%m-%d %H:%M:%S UTC")


@register.filter
def word(value: str) -> str:
    """A word of one of our vocabularies, in the reader's language."""
    return _(value.replace("_", " "))


def _visible(character: str) -> str:
    # Cf: marks of direction, joiners, soft hyphens. Cc: controls. Zl, Zp: separators. Cs, Co: no text.
    category = unicodedata.category(character)
    if character == "\n" or category not in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co"):
        return character
    return f"⟨U+{ord(character):04X}⟩"


def _manifest_time() -> int:
    try:
        return _manifest_path().stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _manifest_path() -> Path:
    return BUILT / "manifest.json"


@lru_cache(maxsize=1)
def _manifest(written: int) -> dict[str, Asset]:
    return json.loads(_manifest_path().read_text(encoding="utf-8")) if written else {}
