"""Small cases for tests of the engines: the gold case, and cases written as YAML."""

from pathlib import Path

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.case_file.reading import read_case

GOLD = (Path(__file__).parents[3] / "scripts" / "sample_case" / "gold_case.yaml").read_text(encoding="utf-8")
SIDES = """\
schema: videtur-gold-case/0.1
id: small
as_of: 2024-03-10
parties:
  - {id: AA, name: State A, kind: state}
  - {id: BB, name: State B, kind: state}
  - {id: MM, name: The Mission, kind: monitoring_body}
  - {id: NN, name: The Paper, kind: newsroom}
allegations:
  - {id: AL1, text: Something appears to have been done to apparent captives, against: AA, footage: [FF1]}
  - {id: AL2, text: Something appears to have been done to other captives, against: BB, footage: [FF2]}
footage:
  - {id: FF1, kind: footage_family}
  - {id: FF2, kind: footage_family}
"""


def case_of(text: str) -> CaseFile:
    """The case of a text that reads without a problem."""
    reading = read_case(text)
    assert reading.problems == (), [problem.explain() for problem in reading.problems]
    return reading.case


def gold() -> CaseFile:
    """The gold case."""
    return case_of(GOLD)


def sides(more: str = "") -> CaseFile:
    """Two states, a mission and a paper, an allegation against each state, and what else is given."""
    return case_of(SIDES + more)
