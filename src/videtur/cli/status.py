"""`videtur status`: where everything stands."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from videtur.cli.environment import json_option, open_workspace, print_json, workspace_option
from videtur.cli.sizes import shown_size

if TYPE_CHECKING:
    from videtur.cases.models import Case
    from videtur.pipeline.queries import Progress

_SHOWN_ITEMS = 3
_STATES = ("pending", "running", "done", "skipped", "failed")


@dataclass(slots=True)
class _Step:
    """How many items are in which state at one step, and why those that are skipped or failed are."""

    name: str = ""
    counts: Counter[str] = field(default_factory=Counter[str])
    reasons: dict[tuple[str, str], list[str]] = field(
        default_factory=lambda: defaultdict[tuple[str, str], list[str]](list)
    )

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        reasons = [
            {"state": state, "reason": reason, "items": items}
            for (state, reason), items in self.reasons.items()
        ]
        return {"step": self.name, **{state: self.counts[state] for state in _STATES}, "reasons": reasons}


@click.command()
@click.option("--case", "case_name", metavar="NAME", help="Only this case.")
@workspace_option
@json_option
def command(case_name: str | None, workspace: Path | None, as_json: bool) -> None:
    """Say where everything stands: items by state, and what is pending, failed or skipped, and why."""
    open_workspace(workspace)
    from videtur.cases.queries import case_named, cases
    from videtur.evidence.models import Item
    from videtur.evidence.queries import items_in
    from videtur.ledger.services import size
    from videtur.pipeline.queries import a_worker_is_alive, progress

    case = case_named(case_name) if case_name is not None else None
    items = list(Item.objects.order_by("entry_index", "id") if case is None else items_in(case))
    standing = progress([item.sha256 for item in items])
    shown = [case] if case is not None else list(cases())
    states = dict(Counter(str(one.state) for one in standing))
    total = sum(item.size for item in items)
    if as_json:
        print_json(
            {
                "cases": [{"case": one.slug, "title": one.title, **_counts(one)} for one in shown],
                "items": len(items),
                "bytes": total,
                "states": states,
                "steps": [step.as_json() for step in _steps(standing)],
                "worker": a_worker_is_alive(),
                "ledger_size": size(),
            }
        )
        return
    for one in shown:
        counts = _counts(one)
        click.echo(f"{one.slug}: {counts['items']} items, {counts['refused']} inputs refused or passed over")
    click.echo(f"{len(items)} items, {shown_size(total)}; {_listed(states) or 'nothing to examine'}")
    if standing:
        _print_steps(_steps(standing))
    if any(not one.settled for one in standing) and not a_worker_is_alive():
        click.echo("No worker runs. Examine what waits: videtur examine --wait")


def _counts(case: "Case") -> dict[str, int]:
    from videtur.evidence.models import Refusal
    from videtur.evidence.queries import item_count

    return {"items": item_count(case), "refused": Refusal.objects.filter(case=case.thing).count()}


def _steps(standing: "Sequence[Progress]") -> list[_Step]:
    steps: dict[str, _Step] = {}
    for one in standing:
        for step in one.steps:
            counted = steps.setdefault(step.step, _Step())
            counted.counts[str(step.state)] += 1
            if step.reason:
                counted.reasons[str(step.state), step.reason].append(one.input_sha256)
    for name, counted in steps.items():
        counted.name = name
    return list(steps.values())


def _print_steps(steps: list[_Step]) -> None:
    table = Table("step", *_STATES)
    for step in steps:
        table.add_row(step.name, *(str(step.counts[state] or "") for state in _STATES))
    Console(soft_wrap=True).print(table)
    for step in steps:
        for (state, reason), items in step.reasons.items():
            which = ", ".join(item[:12] for item in items[:_SHOWN_ITEMS])
            more = f" and {len(items) - _SHOWN_ITEMS} more" if len(items) > _SHOWN_ITEMS else ""
            click.echo(f"{step.name} {state}: {reason} ({which}{more})")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts[state]} {state}" for state in _STATES if state in counts)
