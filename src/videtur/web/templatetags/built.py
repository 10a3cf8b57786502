"""`{% built "item.ts" %}`: the script and styles that one kind of page needs, as the build made them."""

import base64
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import NotRequired, TypedDict, cast

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from videtur.errors import VideturError

register = template.Library()

BUILT = Path(__file__).resolve().parents[1] / "static" / "built"
MANIFEST = "manifest.json"


class Chunk(TypedDict):
    """What Vite's manifest says of one file."""

    file: str
    css: NotRequired[list[str]]
    imports: NotRequired[list[str]]


class FrontEndNotBuilt(VideturError):
    """The scripts of the pages are not there: a source tree whose front end was never built."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"The front end is not built: {missing} is missing",
            "A source tree holds the TypeScript, not what browsers run",
            "Build it with: python scripts/build_frontend.py",
        )


@register.simple_tag
def built(entry: str) -> SafeString:
    """Tags for an entry of `frontend/src`: styles, preloads of what it imports, and the module itself."""
    return tags_of(entry, _manifest_stamp()) if settings.DEBUG else tags_of(entry, 0)


@lru_cache
def tags_of(entry: str, _stamp: int) -> SafeString:
    """The tags; kept for as long as the manifest stays as it is."""
    manifest = _manifest()
    name = f"src/{entry}"
    if name not in manifest:
        raise FrontEndNotBuilt(entry)
    chunks = _with_imports(manifest, name)
    sheets = list(dict.fromkeys(sheet for chunk in chunks for sheet in chunk.get("css", [])))
    preloads = [chunk["file"] for chunk in chunks[1:]]
    return format_html(
        '{}{}<script type="module" src="{}" integrity="{}"></script>',
        format_html_join("", '<link rel="stylesheet" href="{}" integrity="{}">', map(_named, sheets)),
        format_html_join("", '<link rel="modulepreload" href="{}" integrity="{}">', map(_named, preloads)),
        *_named(chunks[0]["file"]),
    )


def _with_imports(manifest: dict[str, Chunk], name: str) -> list[Chunk]:
    """The entry first, then everything that it imports, each once."""
    names = [name]
    for known in names:  # grows while it is read
        names.extend(each for each in manifest[known].get("imports", []) if each not in names)
    return [manifest[each] for each in names]


def _manifest() -> dict[str, Chunk]:
    try:
        return cast("dict[str, Chunk]", json.loads((BUILT / MANIFEST).read_bytes()))
    except FileNotFoundError:
        raise FrontEndNotBuilt(f"static/built/{MANIFEST}") from None


def _manifest_stamp() -> int:
    """Changes with every build, so that a development server needs no restart."""
    path = BUILT / MANIFEST
    return path.stat().st_mtime_ns if path.exists() else 0


def _named(file: str) -> tuple[str, str]:
    """Where the browser finds a file, and what its bytes must hash to."""
    try:
        digest = hashlib.sha384((BUILT / file).read_bytes()).digest()
    except FileNotFoundError:
        raise FrontEndNotBuilt(f"static/built/{file}") from None
    return static(f"built/{file}"), f"sha384-{base64.b64encode(digest).decode()}"
