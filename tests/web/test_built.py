"""The tag that puts the built scripts into a page."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from videtur.web.templatetags import built as tag


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built front end of three files: an entry, what it imports, and a style sheet."""
    monkeypatch.setattr(tag, "BUILT", tmp_path)
    tag.tags_of.cache_clear()
    (tmp_path / "a-1.js").write_bytes(b"import './b-2.js'")
    (tmp_path / "b-2.js").write_bytes(b"export {}")
    (tmp_path / "s-3.css").write_bytes(b"a{}")
    manifest = {
        "src/item.ts": {"file": "a-1.js", "imports": ["_b.js"], "css": ["s-3.css"]},
        "_b.js": {"file": "b-2.js", "imports": ["_c.js"]},
        # Two that import one another must not send the tag round in circles.
        "_c.js": {"file": "b-2.js", "imports": ["_b.js"]},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def test_every_file_is_named_with_the_digest_of_its_bytes(folder: Path) -> None:
    html = tag.built("item.ts")
    named = dict(re.findall(r'(?:src|href)="[^"]*built/([^"]+)" integrity="sha384-([^"]+)"', html))
    assert set(named) == {"a-1.js", "b-2.js", "s-3.css"}
    for name, digest in named.items():
        assert base64.b64decode(digest) == hashlib.sha384((folder / name).read_bytes()).digest()
    assert html.count('<script type="module"') == 1
    assert "style=" not in html


def test_what_is_missing_is_said_with_the_command_that_helps(folder: Path) -> None:
    with pytest.raises(tag.FrontEndNotBuilt, match=r"map\.ts") as told:
        tag.built("map.ts")
    assert "scripts/build_frontend.py" in told.value.explain()
    (folder / "b-2.js").unlink()
    with pytest.raises(tag.FrontEndNotBuilt, match=r"b-2\.js"):
        tag.built("item.ts")
    (folder / "manifest.json").unlink()
    tag.tags_of.cache_clear()
    with pytest.raises(tag.FrontEndNotBuilt, match=r"manifest\.json"):
        tag.built("item.ts")
