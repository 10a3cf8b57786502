"""No single changed byte of verify.sh makes it accept anything: not even itself.

Whatever the byte, either the first command still compares the file with the tag manifest and stops, or
that command is what was changed, and then the last one does.
"""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.publication.conftest import Made

pytestmark = pytest.mark.django_db


def accepted(package: Path, spoilt: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Which of these changes (offset, mask) of the script's bytes let it answer with status 0, or hang."""
    script = package / "verify.sh"
    content = script.read_bytes()
    found: list[tuple[int, int]] = []
    for offset, mask in spoilt:
        changed = bytearray(content)
        changed[offset] ^= mask
        script.write_bytes(changed)
        command = ["sh", "verify.sh"]
        done = subprocess.run(
            command, cwd=package, stdin=subprocess.DEVNULL, capture_output=True, timeout=120
        )
        if done.returncode == 0:
            found.append((offset, mask))
    script.write_bytes(content)
    return found


def first_command_of(package: Path) -> int:
    """Where the first command ends: only a change before that lets anything after it run."""
    return (package / "verify.sh").read_bytes().index(b"# Checks")


def test_the_first_command_can_be_changed_anywhere(package: Path) -> None:
    end = first_command_of(package)
    assert accepted(package, [(at, 1 << (at % 7)) for at in range(0, end, 8)]) == []


def test_what_follows_can_be_changed_anywhere(package: Path) -> None:
    size = (package / "verify.sh").stat().st_size
    spoilt = [(at, mask) for at in range(first_command_of(package), size, 47) for mask in (1, 0x20)]
    spoilt += [(at, 4) for at in range(size - 120, size, 9)]
    assert accepted(package, spoilt) == []


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.skipif("VIDETUR_EXHAUSTIVE" not in os.environ, reason="an hour; set VIDETUR_EXHAUSTIVE=1")
def test_every_byte_can_be_changed_in_many_ways(made: Made, package: Path) -> None:
    end, size = first_command_of(package), (package / "verify.sh").stat().st_size
    spoilt = [(at, mask) for at in range(end) for mask in range(1, 256)]
    spoilt += [(at, 1 << bit) for at in range(end, size) for bit in range(8)]
    assert accepted(package, spoilt) == []
