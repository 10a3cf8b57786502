"""The conformance suite of the Library of Congress: our reader's verdict on each bag (on POSIX)."""

from pathlib import Path

import pytest

from videtur.storage.bagit import check_bag

pytestmark = pytest.mark.peers

LOST_IN_CHECKOUT = {
    # Names that differ only in case or Unicode form, and a .DS_Store, do not survive a checkout.
    "duplicate-file-with-different-case",
    "same-filename-listed-twice-with-different-normalization",
    "special-system-files",
}


@pytest.fixture(scope="module")
def suite(test_data: Path) -> Path:
    folder = test_data / "peer-suites" / "bagit"
    if not folder.is_dir():
        pytest.skip(f"no BagIt conformance suite at {folder}")
    return folder


def bags(suite: Path, kind: str) -> list[Path]:
    return sorted(path for path in suite.glob(f"v*/{kind}/*") if path.is_dir())


def test_valid_bags_are_accepted(suite: Path) -> None:
    found = bags(suite, "valid")
    assert len(found) >= 20
    assert {bag.name: check_bag(bag).problems for bag in found if not check_bag(bag).valid} == {}


@pytest.mark.parametrize("kind", ["invalid", "linux-only"])
def test_invalid_bags_are_refused(suite: Path, kind: str) -> None:
    found = bags(suite, kind)
    assert len(found) >= 6
    assert [bag for bag in found if check_bag(bag).valid] == []


def test_paths_that_lead_out_on_windows_are_refused_here_as_well(suite: Path) -> None:
    found = bags(suite, "windows-only")
    assert len(found) == 6
    assert [bag for bag in found if check_bag(bag).valid] == []


def test_bags_to_be_warned_of_are_accepted_with_a_warning(suite: Path) -> None:
    found = bags(suite, "warning")
    assert len(found) == 6
    for bag in found:
        report = check_bag(bag)
        if bag.name in LOST_IN_CHECKOUT:
            missing = [problem for problem in report.problems if "is missing" in problem.what]
            assert report.valid or missing, bag
        else:
            assert report.valid, (bag, report.problems)
            assert report.warnings, bag
