"""What ran: the versions that a derivation's record names."""

import platform
from functools import cache
from importlib.metadata import version

import av

from videtur import __version__

_LIBRARIES = ("av", "numpy", "opencv-python-headless")


def environment(sandbox_level: str) -> dict[str, object]:
    """Software and library versions, and the level of the sandbox that decoding ran in."""
    return {**_versions(), "sandbox": sandbox_level}


@cache
def _versions() -> dict[str, object]:
    ffmpeg = {name: ".".join(map(str, numbers)) for name, numbers in av.library_versions.items()}
    return {
        "videtur": __version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: version(name) for name in _LIBRARIES},
        "ffmpeg": ffmpeg,
    }
