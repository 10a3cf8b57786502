"""The run that makes the small copy which browsers play."""

import tempfile

from videtur.engines.media.preview import render_preview
from videtur.pipeline.services import Result
from videtur.pipeline.tools import Run

_CHUNK = 1 << 20


def preview(run: Run) -> list[Result]:
    """Render into a file of no name, then into the store: what was half rendered leaves no trace."""
    if "preview" not in run.wanted:
        return []
    with run.open_input() as source, tempfile.TemporaryFile(dir=run.tools.cache) as rendered:
        facts = render_preview(source, rendered, run.tools.sandbox)
        rendered.seek(0)
        with run.tools.store.stage() as staged:
            while data := rendered.read(_CHUNK):
                staged.write(data)
            return [run.keep("preview", facts.as_json(), {"preview.mp4": staged})]
