"""A small browser-playable copy, in the child."""

from videtur.engines.media.child.opening import Refusal
from videtur.engines.media.child.wire import Writer
from videtur.engines.media.limits import Limits


def run(source: int, target: int | None, __: dict[str, object], limits: Limits, out: Writer) -> None:
    """The task of the child."""
    raise Refusal("Previews are not rendered yet")
