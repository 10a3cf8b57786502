"""`videtur release`: what stands against each release, and its way out of the house."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from videtur.cli.environment import (
    Acting,
    Progress,
    acting,
    actor_option,
    json_option,
    open_workspace,
    print_json,
    workspace_option,
    writing,
)
from videtur.errors import WrongUsage

if TYPE_CHECKING:
    from videtur.people.models import User


@click.group()
def group() -> None:
    """Releases: what stands against each, and its way out of the house.

    What leaves is text and masked copies, never an original. A release is drafted, signed for the protection
    of persons and approved in the workbench, by two people.
    """


@group.command("list")
@click.argument("case_name", metavar="CASE")
@workspace_option
@json_option
def list_releases(case_name: str, workspace: Path | None, as_json: bool) -> None:
    """List the releases of a case with all that stands against each."""
    open_workspace(workspace)
    from videtur.cases.case_file import case_file_of
    from videtur.cases.queries import case_named
    from videtur.engines.method.entities.publication import Release
    from videtur.engines.method.uniqueness import alike
    from videtur.publication.release_steps import hindrances

    whole = case_file_of(case_named(case_name))
    rows: list[dict[str, Any]] = [
        {
            "release": name,
            "title": each.title,
            "status": each.status,
            "against": [
                {"rule": one.rule, "where": one.where, "why": one.why, "remedy": one.remedy}
                for one in hindrances(whole, each)
            ],
            "rare": [
                {"item": one.item, "place": one.place, "day": one.day, "kind": one.kind, "count": one.count}
                for one in alike(whole, each)
                if one.rare
            ],
        }
        for name, each in whole.named(Release).items()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['release']}  {row['status']}  {row['title']}")
        for one in row["against"]:
            click.echo(f"  {one['rule']} at {one['where']}: {one['why']}. {one['remedy']}")
        for one in row["rare"]:
            click.echo(
                f"  {one['item']} is one of {one['count']} from its place, day and kind of source: "
                "somebody who was there could tell who filmed it."
            )


@group.command("hand-out")
@click.argument("case_name", metavar="CASE")
@click.argument("reference", metavar="RELEASE")
@click.argument("out", type=click.Path(path_type=Path))
@actor_option
@workspace_option
@json_option
def hand_out(
    case_name: str, reference: str, out: Path, username: str | None, workspace: Path | None, as_json: bool
) -> None:
    """Write an approved release to a new folder OUT, and record that it left.

    OUT holds release.txt, each masked copy with its signed record, and SHA256SUMS; nothing else. It appears
    only when it is complete. Refused with every reason while anything stands against the release.
    """
    opened = open_workspace(workspace)
    from videtur.cases.queries import case_named
    from videtur.publication.hand_out import hand_out as write

    case, user = case_named(case_name), _person(acting(username))
    with writing(opened), Progress("Copying", counts_bytes=True) as progress:
        done = write(user, case, reference, out, progress.advance)
    if as_json:
        print_json(
            {
                "release": reference,
                "case": case.slug,
                "status": done.release.status,
                "at": done.release.at,
                "folder": str(out),
                "files": list(done.files),
            }
        )
        return
    click.echo(f"{out}: {len(done.files)} files")


@group.command("withdraw")
@click.argument("case_name", metavar="CASE")
@click.argument("reference", metavar="RELEASE")
@click.option("--because", required=True, help="Why it is taken back; it stays in the record.")
@actor_option
@workspace_option
def withdraw(
    case_name: str, reference: str, because: str, username: str | None, workspace: Path | None
) -> None:
    """Take a release back, and open the task of telling its readers."""
    opened = open_workspace(workspace)
    from videtur.cases.queries import case_named
    from videtur.publication.release_steps import withdraw_release

    case, user = case_named(case_name), _person(acting(username))
    with writing(opened):
        withdraw_release(user, case, reference, because)
    click.echo(f"{reference} is withdrawn. What was read by others can only be corrected.")


def _person(who: Acting) -> "User":
    """A release leaves by somebody's hand. Raises WrongUsage where no account is meant."""
    if who.user is None:
        raise WrongUsage("A release leaves by a person's hand", remedy="Say whose: --user NAME")
    return who.user
