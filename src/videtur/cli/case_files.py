"""`videtur case load`, `check` and `show`: a case as one file, in and out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from videtur.cli.environment import (
    acting,
    actor_option,
    complain,
    json_option,
    open_workspace,
    print_json,
    workspace_option,
    writing,
)
from videtur.errors import NotPermitted, Refused, VideturError, WrongUsage
from videtur.workspace import find_workspace

if TYPE_CHECKING:
    from videtur.engines.method.case_file.model import CaseFile
    from videtur.engines.method.case_file.nodes import FileProblem
    from videtur.engines.method.case_file.reading import Reading
    from videtur.engines.method.check import CheckResult, Found
    from videtur.engines.method.swap import Difference

_LARGEST = 32 * 2**20
_UNREADABLE = 3


@click.command("load")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@actor_option
@workspace_option
@json_option
def load(file: Path, username: str | None, workspace: Path | None, as_json: bool) -> None:
    """Load the case file FILE (- reads it from stdin) as a new case: all of it, or nothing.

    A file with anything wrong in it is refused, with every problem and its line. The same file again
    changes nothing; another case of that name is never replaced.
    """
    reading = read_file(file)
    opened = open_workspace(workspace)
    from videtur.cases.loading import load_case
    from videtur.engines.method.case_file.reading import CaseFileRefused

    who = acting(username)
    try:
        with writing(opened):
            loaded = load_case(who.actor, who.user, reading)
    except CaseFileRefused as refused:
        _complain_of(file, refused.problems)
        complain(f"{file}: nothing of it was loaded ({len(refused.problems)} to put right)")
        raise click.exceptions.Exit(_UNREADABLE) from None
    for remark in reading.remarks:
        complain(f"{file}: {remark.explain()}")
    result = {"case": loaded.case.slug, "id": reading.case.id, "new": loaded.new, "entities": loaded.entities}
    if as_json:
        print_json(result)
    elif loaded.new:
        click.echo(f"{loaded.case.slug}: loaded, {loaded.entities} entities")
    else:
        click.echo(f"{loaded.case.slug}: already loaded with the same content; nothing was written")


@click.command("check")
@click.argument("what", metavar="FILE")
@click.option("--swap", nargs=2, metavar="A B", help="Exchange two parties, and say what else would change.")
@workspace_option
@json_option
def check(what: str, swap: tuple[str, str] | None, workspace: Path | None, as_json: bool) -> None:
    """Check the case file FILE (- reads stdin), or a case of the workspace by its name.

    Says what in it may not be, what it comes to (statuses, boards, tasks) and which gates its findings
    pass. A file needs no workspace. Exit status 1: something in it is wrong; 3: there is no case in it.
    """
    from videtur.engines.law.catalogue import CATALOGUE
    from videtur.engines.method.check import check as check_case

    given = _reading_or_case(what, workspace)
    result = check_case(given, list(CATALOGUE.provisions))
    document = result.as_json()
    case, malformed = _case_and_problems(given)
    _complain_of(what, malformed)
    if swap is not None and not malformed:
        _add_swap(document, swap, _swapped(case, *swap))
    if as_json:
        print_json(document)
    elif malformed:
        _complain_of_rules(what, result.violations[len(malformed) :])
    else:
        _tell(case.id or what, result, document)
    if not getattr(given, "parsed", True):
        raise click.exceptions.Exit(_UNREADABLE)
    if document["violations"]:
        raise click.exceptions.Exit(1)


@click.command("show")
@click.argument("name")
@actor_option
@workspace_option
@json_option
def show(name: str, username: str | None, workspace: Path | None, as_json: bool) -> None:
    """Print case NAME as a case file (YAML), which loads again as the same case.

    With --as, only what that person may see. Nobody's hours of watching are in it but that person's own.
    What is recorded of members and files: videtur case record NAME.
    """
    from videtur.engines.method.case_file.writing import document_of, write_case

    case = case_as_seen(name, username, workspace)
    if as_json:
        print_json(document_of(case))
    else:
        click.echo(write_case(case), nl=False)


def read_file(file: Path) -> "Reading":
    """Read a case file. Raises Refused where there is no text to read."""
    from videtur.engines.method.case_file.reading import read_case

    try:
        if str(file) == "-":
            data = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with file.open("rb") as opened:
                data = opened.read(_LARGEST + 1)
    except OSError as problem:
        raise Refused(f"{file} cannot be read", str(problem.strerror), "Name a case file") from problem
    if len(data) > _LARGEST:
        raise Refused(f"{file} is larger than a case file can be ({_LARGEST >> 20} MiB)")
    try:
        return read_case(data.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise Refused(f"{file}: line {line}: this is not UTF-8 text", remedy="Save it as UTF-8") from problem


def case_as_seen(name: str, username: str | None, workspace: Path | None) -> "CaseFile":
    """A case of the workspace: as the person named may see it, else as the keeper of the files does."""
    open_workspace(workspace)
    from videtur.cases.access import case_file_for
    from videtur.cases.case_file import case_file_of
    from videtur.cases.queries import case_named
    from videtur.cases.rules import may_see
    from videtur.engines.method.entities.publication import ExposureLog

    case = case_named(name)
    if username is not None:
        user = acting(username).user
        if user is None or not may_see(user, case):
            raise NotPermitted(f"{username} takes no part in {case.slug}", remedy="Ask the case lead")
        return case_file_for(user, case)
    whole = case_file_of(case)
    for watched in whole.named(ExposureLog):
        whole = whole.without(watched)
    return whole


def _reading_or_case(what: str, workspace: Path | None) -> "Reading | CaseFile":
    if what == "-" or Path(what).exists():
        return read_file(Path(what))
    try:
        find_workspace(workspace)
    except VideturError:
        raise Refused(f"{what} cannot be read", "There is no such file", "Name a case file") from None
    try:
        return case_as_seen(what, None, workspace)
    except WrongUsage:
        raise Refused(f"There is neither a file nor a case {what!r}") from None


def _case_and_problems(given: "Reading | CaseFile") -> "tuple[CaseFile, list[FileProblem]]":
    """The case, and what makes its file no case file; a name that leads nowhere is a broken rule instead."""
    from videtur.engines.method.case_file.reading import Reading

    if not isinstance(given, Reading):
        return given, []
    unreadable = [problem for problem in given.problems if problem.rule != "reference"]
    return given.case, list(given.problems) if unreadable else []


def _complain_of(file: object, problems: "list[FileProblem] | tuple[FileProblem, ...]") -> None:
    for problem in problems:
        complain(f"{file}: {problem.explain()}")


def _complain_of_rules(file: object, found: "tuple[Found, ...]") -> None:
    """What else is wrong with the part of a malformed file that could be read: all of it in one run."""
    for each in found:
        line = f"line {each.line}: " if each.line else ""
        complain(f"{file}: {line}{each.rule} at {each.where}: {each.why} ({each.remedy})")


def _swapped(case: "CaseFile", a: str, b: str) -> "tuple[Difference, ...]":
    from videtur.engines.method.entities.case import Party
    from videtur.engines.method.swap import differences

    for code in (a, b):
        if case.get(Party, code) is None:
            known = ", ".join(party.id for party in case.parties)
            raise WrongUsage(f"{code!r} is no party of the case", remedy=f"There are: {known}")
    return differences(case, a, b)


def _add_swap(document: dict[str, Any], parties: tuple[str, str], found: "tuple[Difference, ...]") -> None:
    """A difference breaks rule F28, wherever it is."""
    remedy = "Make the outcome the same for both parties"
    document["violations"] += [
        {"rule": "F28", "where": each.where, "why": each.explain(), "remedy": remedy, "line": None}
        for each in found
    ]
    document["swap"] = {
        "parties": list(parties),
        "differences": [{"where": each.where, "before": each.before, "after": each.after} for each in found],
    }


def _tell(name: str, result: "CheckResult", document: dict[str, Any]) -> None:
    violations = document["violations"]
    for each in violations:
        line = f"line {each['line']}: " if each["line"] else ""
        click.echo(f"{line}{each['rule']} at {each['where']}: {each['why']}. {each['remedy']}")
    click.echo(f"{name}: {len(violations) or 'no'} violation{'' if len(violations) == 1 else 's'}")
    for footage, status in result.derived["footage_status"].items():
        sources = result.derived["independent_source_count"][footage]
        click.echo(f"  {footage}: {status.replace('_', ' ')} (independent sources: {sources})")
    for finding, gate in result.gates.items():
        unmet = [each["missing"] for each in gate["conditions"] if not each["met"]]
        standing = "passed" if gate["passed"] else f"not passed: {'; '.join(unmet)}"
        click.echo(f"  {finding}, {gate['standard'].replace('_', ' ')}: {standing}")
    for task in result.derived["tasks"]:
        click.echo(f"  To do: {task['sentence']}")
    if "swap" in document and not document["swap"]["differences"]:
        a, b = document["swap"]["parties"]
        click.echo(f"  Exchanging {a} and {b} changes their names and nothing else")
