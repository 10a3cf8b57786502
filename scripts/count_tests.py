"""Counts tests in test-results/*.xml. Usage: count_tests.py passed|failed."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def main() -> None:
    """Print the number asked for."""
    total = bad = skipped = 0
    for path in Path("test-results").glob("*.xml"):
        for suite in ET.parse(path).getroot().iter("testsuite"):  # noqa: S314 - our own pytest wrote it
            total += int(suite.get("tests", "0"))
            bad += int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
            skipped += int(suite.get("skipped", "0"))
    print(bad if sys.argv[1] == "failed" else total - bad - skipped)


if __name__ == "__main__":
    main()
