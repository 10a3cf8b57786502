"""`videtur case board` and `due`: where calls and promises stand, and what is due."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import click

from videtur.cli.case_files import case_as_seen
from videtur.cli.environment import actor_option, json_option, print_json, workspace_option

_NOT_ON_A_LINE = ("stated_by_others",)
_SHOWN_DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.command("board")
@click.argument("name")
@click.option("--on", type=_SHOWN_DATE, metavar="DATE", help="The day, as 2023-03-24. Default: today.")
@actor_option
@workspace_option
@json_option
def board(
    name: str, on: datetime | None, username: str | None, workspace: Path | None, as_json: bool
) -> None:
    """Print where each call and each promise of case NAME stood at the end of a day."""
    from videtur.engines.method.accountability.board import board as board_of

    case = case_as_seen(name, username, workspace)
    day: date = on.date() if on is not None else datetime.now(UTC).date()
    found = board_of(case, day).as_json()
    if as_json:
        print_json({"case": case.id, "on": day.isoformat(), "board": found})
        return
    click.echo(f"{case.id} on {day.isoformat()}")
    for reference, standing in found.items():
        if reference not in _NOT_ON_A_LINE:
            click.echo(f"  {reference}  {_told(cast('dict[str, Any]', standing))}")


@click.command("due")
@click.argument("name")
@click.option("--all", "everything", is_flag=True, help="Also what is done.")
@actor_option
@workspace_option
@json_option
def due(name: str, everything: bool, username: str | None, workspace: Path | None, as_json: bool) -> None:
    """Print what is due in case NAME, the earliest first; what is overdue stays until a person closes it."""
    from videtur.engines.method.deadlines import deadlines_of

    case = case_as_seen(name, username, workspace)
    dues = [each for each in deadlines_of(case, datetime.now(UTC)) if everything or each.done is None]
    if as_json:
        print_json({"case": case.id, "deadlines": [each.as_json() for each in dues]})
        return
    for each in dues:
        state = f"done: {each.done}" if each.done else "OVERDUE" if each.overdue else "open"
        kind = each.kind.replace("_", " ")
        click.echo(
            f"{each.due.isoformat(timespec='minutes')}  {kind} of {each.about}  {state}  ({each.rule})"
        )
    if not dues:
        click.echo("Nothing is due")


def _told(standing: dict[str, Any]) -> str:
    parts: list[str] = []
    for name, value in standing.items():
        match value:
            case bool():
                text = "yes" if value else "no"
            case str():
                text = value.replace("_", " ")
            case list() if name == "flags":
                text = ", ".join(str(flag).replace("_", " ") for flag in cast("list[object]", value))
            case _:
                text = ""
        if text:
            parts.append(f"{name.replace('_', ' ')}: {text}")
    return "; ".join(parts)
