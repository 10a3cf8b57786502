"""What can be wrong with a masked copy."""

from dataclasses import dataclass, field

CODES = {
    "stream": "a stream, tag, chapter or box that has no place in a masked copy",
    "hidden": "bytes that belong to no picture and no sound",
    "times": "pictures that are not shown at the times of the plan",
    "size": "a picture of another size or turned",
    "damage": "a picture that cannot be decoded",
    "mask": "a mask that does not cover what the plan covers",
    "silence": "sound where silence was ordered",
    "exposed": "something that a detector still sees, and that no mask covers",
}
"""What can be wrong with a copy."""


_TOLD = 10


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the copy. `code` is one of `CODES`."""

    code: str
    detail: str
    pts: int | None = None
    """When, in ticks of the plan's time base."""


@dataclass(slots=True)
class Faults:
    """The first few of each kind."""

    kept: list[Fault] = field(default_factory=list[Fault])
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, code: str, detail: str, pts: int | None = None) -> None:
        """One more thing that is wrong."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= _TOLD:
            self.kept.append(Fault(code, detail, pts))
