"""`videtur report`: a case's report as a file."""

from pathlib import Path

import click

from videtur.cli.environment import (
    acting,
    actor_option,
    json_option,
    open_store,
    open_workspace,
    print_json,
    workspace_option,
    writing,
)


@click.command()
@click.argument("case_name", metavar="CASE")
@click.argument("out", metavar="OUT.html|OUT.json", type=click.Path(path_type=Path, dir_okay=False))
@actor_option
@workspace_option
@json_option
def command(case_name: str, out: Path, username: str | None, workspace: Path | None, as_json: bool) -> None:
    """Write the report on a case: its items, families of footage and observations, each with evidence.

    The ending of OUT says the form: one HTML page that needs nothing else, or JSON. Every statement names
    the ledger entries it rests on, and time codes where it is about a film. Machine output is counted,
    not cited. The report is itself an entry of the ledger.
    """
    opened = open_workspace(workspace)
    from videtur.cases.queries import case_named
    from videtur.publication.services import House, issue_report

    case, who = case_named(case_name), acting(username)
    with writing(opened):
        row = issue_report(who.actor, case, out, House(opened, open_store(opened)))
    if as_json:
        print_json(
            {
                "report": str(out),
                "case": case.slug,
                "form": row.form,
                "sha256": row.sha256,
                "ledger_index": row.entry_index,
            }
        )
    else:
        click.echo(f"{out}: report on {case.slug} (entry {row.entry_index})")
