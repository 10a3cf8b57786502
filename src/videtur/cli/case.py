"""`videtur case`: the cases of a workspace, and case files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from videtur.cli.case_boards import board, due
from videtur.cli.case_files import check, load, show
from videtur.cli.environment import (
    acting,
    actor_option,
    json_option,
    open_workspace,
    print_json,
    workspace_option,
    writing,
)
from videtur.errors import NotPermitted

if TYPE_CHECKING:
    from videtur.cases.models import Case


@click.group()
def group() -> None:
    """Cases: what there is, who takes part, and what the method says of them.

    A case is opened by taking files into it (videtur intake PATH... --case NAME), or by loading a case file.
    """


for command in (load, check, show, board, due):
    group.add_command(command)


@group.command("list")
@workspace_option
@json_option
def list_cases(workspace: Path | None, as_json: bool) -> None:
    """List all cases with their short names."""
    open_workspace(workspace)
    from videtur.cases.queries import cases
    from videtur.evidence.queries import item_count

    rows = [{"case": case.slug, "title": case.title, "items": item_count(case)} for case in cases()]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['case']}  {row['title']}  ({row['items']} items)")


@group.command("record")
@click.argument("name")
@workspace_option
def record(name: str, workspace: Path | None) -> None:
    """Print what is recorded of case NAME as JSON: parties, members, items and how each came."""
    open_workspace(workspace)
    from videtur.cases.queries import case_named, parties_of
    from videtur.evidence.queries import items_of

    case = case_named(name)
    print_json(
        {
            "case": case.slug,
            "title": case.title,
            "summary": case.summary,
            "parties": [
                {"code": party.code, "name": party.name, "kind": party.kind} for party in parties_of(case)
            ],
            "members": _members(case),
            "items": [item.as_json() for item in items_of(case)],
        }
    )


def _members(case: "Case") -> list[dict[str, Any]]:
    from videtur.cases.queries import members_of
    from videtur.people.models import User

    users = User.objects.in_bulk([member.user_id for member in members_of(case)])
    return [{"username": users[row.user_id].username, "role": row.role} for row in members_of(case)]


@group.command("grant")
@click.argument("name", metavar="CASE")
@click.argument("person", metavar="USERNAME")
@click.argument("role")
@actor_option
@workspace_option
def grant(name: str, person: str, role: str, username: str | None, workspace: Path | None) -> None:
    """Give USERNAME a ROLE in CASE, such as analyst_1, case_lead or auditor.

    A wrong ROLE prints all that there are.
    """
    opened = open_workspace(workspace)
    from videtur.cases.queries import case_named
    from videtur.cases.services import add_member
    from videtur.people.queries import user_named

    case = case_named(name)
    actor = _manager_of(case, username)
    with writing(opened):
        add_member(actor, case, user_named(person), role)
    click.echo(f"{person} is {role} in {case.slug}")


@group.command("revoke")
@click.argument("name", metavar="CASE")
@click.argument("person", metavar="USERNAME")
@click.argument("role")
@actor_option
@workspace_option
def revoke(name: str, person: str, role: str, username: str | None, workspace: Path | None) -> None:
    """Take a ROLE in CASE from USERNAME. What was done in it stays recorded."""
    opened = open_workspace(workspace)
    from videtur.cases.queries import case_named
    from videtur.cases.services import remove_member
    from videtur.people.queries import user_named

    case = case_named(name)
    actor = _manager_of(case, username)
    with writing(opened):
        remove_member(actor, case, user_named(person), role)
    click.echo(f"{person} is {role} in {case.slug} no more")


def _manager_of(case: "Case", username: str | None) -> str:
    from videtur.cases.rules import may_manage

    who = acting(username)
    if who.user is not None and not may_manage(who.user, case):
        raise NotPermitted(
            f"{who.user.username} does not lead {case.slug}", remedy="Ask the case lead or an administrator"
        )
    return who.actor
