"""What a rule is: one function with its id, its source, and a sentence that a user understands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from videtur.engines.method.case_file.model import CaseFile


@dataclass(frozen=True, slots=True)
class Violation:
    """A state that may not be: which rule, where, why, and what would satisfy it."""

    rule: str
    where: str
    """References of the entities at fault, the first one foremost: "RL1 sentence S2"."""
    why: str
    """What is missing or wrong here."""
    remedy: str
    """What would satisfy the rule."""

    def explain(self) -> str:
        """One line for a person."""
        return f"{self.rule} at {self.where}: {self.why}. {self.remedy}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A forbidden state. `check` yields each place where the case is in it."""

    id: str
    source: str
    """Where the rule comes from: "domain model, section 14", with the standard it rests on."""
    house_rule: bool
    """Whether it is ours; then it is never shown as the words of the UN."""
    sentence: str
    check: Callable[[CaseFile], Iterator[Violation]]
