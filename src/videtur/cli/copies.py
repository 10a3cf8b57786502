"""`videtur copies`: the families of footage."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from videtur.cases.visible import visible
from videtur.cli.environment import json_option, open_workspace, print_json, workspace_option

if TYPE_CHECKING:
    from videtur.engines.copies.lineage import Lineage
    from videtur.engines.media.timecode import MediaTime
    from videtur.footage.queries import ItemFamily

_SHOWN_LETTERS = 12
_WIDTH_OF_A_FILE = 180
_DIGEST = re.compile(r"[0-9a-f]{64}")


@click.command()
@workspace_option
@click.option("--case", "case_name", metavar="NAME", help="Only the items of this case.")
@json_option
def copies(workspace: Path | None, case_name: str | None, as_json: bool) -> None:
    """Show which items carry the same footage, and which part of it each covers.

    Every item is in exactly one family; one that no other shares footage with is alone in its own. Which
    is earliest or most complete, and who can have been cut from whom, are leads with reasons, never proof.
    With --json: a list of families, times in seconds on the family's common timeline, with the "lineage"
    of each: for "earliest" and "most_complete" those that may be it as well, "descents" and
    "contradictions", and which pairs were "compared" or are joined only "by_way_of_others".
    """
    open_workspace(workspace)
    from videtur.footage.queries import families_among, families_of_case, names_of_items

    if case_name is None:
        from videtur.evidence.models import Item

        families = families_among(list(Item.objects.values_list("sha256", flat=True)))
    else:
        from videtur.cases.queries import case_named

        families = families_of_case(case_named(case_name))
    if as_json:
        print_json([_as_json(family) for family in families])
    else:
        _show(families, names_of_items())


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
        "lineage": _lineage(family.family.lineage),
    }


def _lineage(lineage: "Lineage") -> dict[str, object]:
    return {
        **{
            name: {"item": lead.item, "may_be_as_well": list(lead.beside), "why": list(lead.reasons)}
            for name, lead in (("earliest", lineage.earliest), ("most_complete", lineage.most_complete))
        },
        "descents": [
            {
                "item": each.item,
                "source": each.source,
                "verdict": each.verdict,
                "compared": each.direct,
                "why": list(each.reasons),
            }
            for each in lineage.descents
        ],
        "contradictions": [
            {"kind": each.kind, "items": list(each.items), "what": each.text}
            for each in lineage.contradictions
        ],
        "compared": [list(pair) for pair in lineage.compared],
        "by_way_of_others": [list(pair) for pair in lineage.by_way_of_others],
    }


def _seconds(text: str | None) -> float | None:
    """Plain seconds, for scripts; the records keep exact times."""
    return None if text is None else float(text)


def _show(families: "Sequence[ItemFamily]", names: Mapping[str, str]) -> None:
    shared = [family for family in families if len(family.items) > 1]
    # A file or a pipe has no width of its own; eighty letters would cut what the table is for.
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
    for family in shared:
        _show_family(console, family, names)
    alone = len(families) - len(shared)
    click.echo(f"{len(shared)} families of several items; {alone} items alone")


def _show_family(console: Console, family: "ItemFamily", names: Mapping[str, str]) -> None:
    lineage = family.family.lineage
    numbers = {member.name: f"{place}" for place, member in enumerate(family.family.members, 1)}
    sources = {
        name: [
            numbers[each.source] for each in lineage.descents if (each.item, each.verdict) == (name, "can")
        ]
        for name in numbers
    }
    table = Table(title=family.name, title_justify="left")
    for heading in (
        "",
        "item",
        "file",
        "covers (s)",
        "changed by",
        "posted",
        "length",
        "can be cut from",
        "",
    ):
        table.add_column(heading)
    for member in family.family.members:
        marks = [
            words
            for words, holds in (
                ("earliest", member.name == family.family.earliest),
                ("may be as early", member.name in lineage.earliest.beside),
                ("most complete", member.name == family.family.most_complete),
            )
            if holds
        ]
        table.add_row(
            numbers[member.name],
            member.name[:_SHOWN_LETTERS],
            visible(names.get(member.name, "")),
            ", ".join(f"{_rounded(part.start)} to {_rounded(part.end)}" for part in member.covers),
            ", ".join(member.transform),
            visible(family.posted_at(member.name) or ""),
            family.duration(member.name) or "",
            ", ".join(sources[member.name]),
            ", ".join(marks),
        )
    console.print(table)
    for reason in family.family.why:
        click.echo(f"  {_DIGEST.sub(lambda found: f'no. {numbers.get(found[0], found[0][:12])}', reason)}")
    for each in lineage.contradictions:
        told = _DIGEST.sub(lambda found: f"no. {numbers.get(found[0], found[0][:12])}", each.text)
        click.echo(f"  does not fit together: {told}")
    click.echo()


def _rounded(time: "MediaTime") -> str:
    return f"{float(time.instant):.1f}"
