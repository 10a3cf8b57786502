"""`videtur copies`: the families of footage."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from videtur.cli.environment import json_option, open_workspace, print_json, workspace_option

if TYPE_CHECKING:
    from videtur.footage.queries import ItemFamily

_SHOWN_LETTERS = 12
_DIGEST = re.compile(r"[0-9a-f]{64}")


@click.command()
@workspace_option
@click.option("--case", "case_name", metavar="NAME", help="Only the items of this case.")
@json_option
def copies(workspace: Path | None, case_name: str | None, as_json: bool) -> None:
    """Show which items carry the same footage, and which part of it each covers.

    Every item is in exactly one family; one that no other shares footage with is alone in its own. With
    --json: a list of families, times in seconds on the family's common timeline.
    """
    open_workspace(workspace)
    from videtur.footage.queries import families_among, families_of_case

    if case_name is None:
        from videtur.evidence.models import Item

        families = families_among(list(Item.objects.values_list("sha256", flat=True)))
    else:
        from videtur.cases.queries import case_named

        families = families_of_case(case_named(case_name))
    if as_json:
        print_json([_as_json(family) for family in families])
    else:
        _show(families)


def _as_json(family: "ItemFamily") -> dict[str, object]:
    return {
        "family": family.name,
        "items": [
            {
                "item": member.name,
                "covers": [
                    [_seconds(part.start.seconds), _seconds(part.end.seconds)] for part in member.covers
                ],
                "transform": list(member.transform),
                "posted_at": family.posted_at(member.name),
                "duration": _seconds(family.duration(member.name)),
            }
            for member in family.family.members
        ],
        "earliest": family.family.earliest,
        "most_complete": family.family.most_complete,
        "why": "; ".join(family.family.why),
    }


def _short(reasons: Sequence[str]) -> str:
    """Reasons with the names of items cut to what the table shows."""
    return _DIGEST.sub(lambda found: found.group()[:_SHOWN_LETTERS], "; ".join(reasons))


def _seconds(text: str | None) -> float | None:
    """Plain seconds, for scripts; the records keep exact times."""
    return None if text is None else float(text)


def _show(families: "Sequence[ItemFamily]") -> None:
    shared = [family for family in families if len(family.items) > 1]
    console = Console()
    for family in shared:
        table = Table(title=family.name, title_justify="left", caption=_short(family.family.why))
        for heading in ("item", "covers (s)", "changed by", "posted", "length (s)", ""):
            table.add_column(heading)
        for member in family.family.members:
            covers = ", ".join(f"{part.start.seconds} to {part.end.seconds}" for part in member.covers)
            marks = [
                name
                for name, item in (
                    ("earliest", family.family.earliest),
                    ("most complete", family.family.most_complete),
                )
                if item == member.name
            ]
            table.add_row(
                member.name[:_SHOWN_LETTERS],
                covers,
                ", ".join(member.transform),
                family.posted_at(member.name) or "",
                family.duration(member.name) or "",
                ", ".join(marks),
            )
        console.print(table)
    alone = len(families) - len(shared)
    click.echo(f"{len(shared)} families of several items; {alone} items alone")
