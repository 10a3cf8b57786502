"""Which kind of disk a folder is on."""

import os
import re
from pathlib import Path

from videtur.errors import WrongUsage

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "fuse.sshfs", "fuse.rclone", "davfs"}
)
_ESCAPED = re.compile(r"\\([0-7]{3})")
_MOUNTS = Path("/proc/self/mountinfo")


def refuse_network_disk(folder: Path) -> None:
    """Raise WrongUsage when a folder, or where it will be made, is on a disk reached over a network.

    SQLite relies on locks that such disks do not keep: acknowledged records can be lost there.
    """
    kind = kind_of_disk(folder.resolve(), _mounts())
    if kind in _NETWORK:
        raise WrongUsage(
            f"{folder} is on a network disk ({kind})",
            "A database file is not safe there",
            "Choose a folder on this machine, or give --database postgresql://...",
        )


def kind_of_disk(path: Path, mounts: str) -> str:
    """The file system type of the mount that holds an absolute path; empty when it cannot be told."""
    found: dict[Path, str] = {}
    for line in mounts.splitlines():
        fields = line.split()
        if "-" in fields[6:]:
            point = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), fields[4])  # a space is \040
            found[Path(point)] = fields[fields.index("-", 6) + 1]
    return next((found[parent] for parent in (path, *path.parents) if parent in found), "")


def _mounts() -> str:
    try:
        return os.fsdecode(_MOUNTS.read_bytes())
    except OSError:  # not Linux: nothing is known, nothing is refused
        return ""
