"""Telling disks of this machine from disks over a network."""

from pathlib import Path

import pytest

from videtur.cli import disks
from videtur.errors import WrongUsage

MOUNTS = r"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:25 / /proc rw,nosuid - proc proc rw
41 22 0:40 / /mnt/lab rw shared:9 - nfs4 server:/lab rw,vers=4.2
42 22 0:41 / /mnt/наша\040share rw - cifs //server/share rw
43 41 254:1 / /mnt/lab/local rw master:2 - xfs /dev/vdb rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/a", "ext4"),
        ("/mnt/lab/case", "nfs4"),
        ("/mnt/lab/local/case", "xfs"),
        ("/mnt/laboratory", "ext4"),
        ("/mnt/наша share/x", "cifs"),
    ],
)
def test_the_nearest_mount_counts(path: str, kind: str) -> None:
    assert disks.kind_of_disk(Path(path), MOUNTS) == kind


def test_a_network_disk_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    disks.refuse_network_disk(tmp_path)
    (tmp_path / "mountinfo").write_text(f"1 0 0:1 / {tmp_path.resolve()} rw - nfs4 server:/x rw\n")
    monkeypatch.setattr(disks, "_MOUNTS", tmp_path / "mountinfo")
    with pytest.raises(WrongUsage, match="network disk"):
        disks.refuse_network_disk(tmp_path / "workspace")
