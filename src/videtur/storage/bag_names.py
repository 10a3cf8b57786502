"""Paths inside a bag: which can be trusted to stay inside it, and which we write ourselves."""

import re

PAYLOAD = "data/"
_OURS = re.compile(r"(?!.*(?:^|/)\.)[A-Za-z0-9._-]{1,150}(?:/[A-Za-z0-9._-]{1,150}){0,5}")


def contained_path(raw: str) -> str | None:
    """The path with a leading "./" taken away, or None if it could lead out of the bag.

    Absolute paths, "..", home folders, drive letters and backslashes lead out on one system or another.
    """
    path = raw.removeprefix("./")
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\x00" in path:
        return None
    return None if parts[0].startswith("~") or re.match(r"[A-Za-z]:|\\|%\w+%\\", path) else path


def is_plain_name(path: str) -> bool:
    """Whether a path is one that we write: ASCII names that no file system, shell or table misreads."""
    return _OURS.fullmatch(path) is not None
