"""The page of house rules says what the house rules are."""

from pathlib import Path

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.house_rules import house_rules

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "house-rules.md"


def test_every_default_stands_on_the_page() -> None:
    rows = {line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")}
    defaults = house_rules(CaseFile("none")).shown()
    told = {f"| `{rule.name}` | {rule.sentence} |" for rule in defaults}
    assert told == {row for row in rows if row.split("`")[1] in {rule.name for rule in defaults}}
