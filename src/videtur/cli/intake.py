"""`videtur intake`: take files in."""

import os
import shutil
import signal
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from videtur.cli.environment import (
    Acting,
    Progress,
    acting,
    actor_option,
    complain,
    json_option,
    open_store,
    open_workspace,
    print_json_line,
    workspace_option,
    writing,
)
from videtur.cli.sizes import shown_size, size
from videtur.errors import NotPermitted, Refused
from videtur.workspace import Workspace

if TYPE_CHECKING:
    from videtur.cases.models import Case
    from videtur.evidence.intake import TakenFile
    from videtur.evidence.services import CaptureFacts
    from videtur.evidence.sources import UnfitFile


class _Tally:
    """What to say at the end."""

    def __init__(self) -> None:
        self.new = self.more = self.known = self.refused = self.passed = self.size = 0

    def line(self) -> str:
        """One line for a person."""
        parts = [f"{self.new} new ({shown_size(self.size)})"]
        if self.more:
            parts.append(f"{self.more} known bytes that came another way")
        if self.known:
            parts.append(f"{self.known} taken in before")
        if self.refused:
            parts.append(f"{self.refused} refused")
        if self.passed:
            parts.append(f"{self.passed} passed over")
        return ", ".join(parts)


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--case", "case_name", required=True, metavar="NAME", help="The case; opened now if it is new.")
@click.option("--url", default="", help="Where it was published: the whole address, from https:// onwards.")
@click.option(
    "--posted-at",
    default="",
    metavar="TEXT",
    help="When it was posted, as the page says it. Kept word for word; also kept as an EDTF date where the "
    "words leave no choice (27.03.2022 does, 03.04.2022 does not; best: 2022-03-27T18:05:00+03:00).",
)
@click.option("--source", default="", metavar="NAME", help="Who gave it or first published it.")
@click.option("--note", default="", metavar="TEXT", help="Anything else about how it was come by.")
@click.option(
    "--largest",
    type=size,
    default="64GiB",
    show_default=True,
    envvar="VIDETUR_LARGEST",
    help="Refuse larger files.",
)
@actor_option
@workspace_option
@json_option
def command(
    paths: tuple[Path, ...],
    case_name: str,
    url: str,
    posted_at: str,
    source: str,
    note: str,
    largest: int,
    username: str | None,
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Take videos and sound files into a case: files, or folders with all they hold.

    Every file is copied unaltered and named by its SHA-256; it is reported only when copy and record are
    safe on the disk. The same bytes under another name or from another address are recorded as a further
    capture of the same item. Run the same command again after an interruption: nothing is taken in twice.

    Not taken in, each with a line saying why: empty files, links, devices, files that change or cannot be
    read, and what is neither video nor sound. A damaged video is taken in: the damage is evidence too.
    Other files that a folder also holds (notes, pictures) are passed over and do not change the exit
    status; any other refusal makes it 3.
    """
    opened = open_workspace(workspace)
    from videtur.evidence.services import CaptureFacts

    facts = CaptureFacts(url=url, posted_at=posted_at, source=source, note=note)
    who = acting(username)
    with writing(opened):
        tally = _take(opened, paths, case_name, facts, who, largest, as_json=as_json)
    if not as_json:
        click.echo(tally.line(), err=True)
    if tally.refused:
        raise SystemExit(Refused.exit_status)


def _take(
    workspace: Workspace,
    paths: Sequence[Path],
    case_name: str,
    facts: "CaptureFacts",
    who: Acting,
    largest: int,
    *,
    as_json: bool,
) -> _Tally:
    from videtur.evidence.intake import Intake
    from videtur.evidence.sources import UnfitFile, find_files

    tally = _Tally()
    found = find_files(paths, largest=largest, own_folder=workspace.root)
    if not any(os.path.lexists(path) for path in paths):  # a slip of the pen opens no case
        for unfit in found:
            assert isinstance(unfit, UnfitFile)  # noqa: S101 - none of the paths is there
            _tell_unfit(unfit, tally)
        return tally
    case = _case(case_name, who)
    with stopping_at_signals() as stop, Progress("Taking in", counts_bytes=True) as progress:
        intake = Intake(
            open_store(workspace),
            who.actor,
            case,
            facts,
            stop=stop,
            watch=progress.advance,
            free_room=lambda: shutil.disk_usage(workspace.root).free,
        )
        for result in intake.take(found):
            if isinstance(result, UnfitFile):
                _tell_unfit(result, tally)
            else:
                _tell_taken(result, tally, as_json=as_json)
        if stop.is_set():
            complain(f"Stopped: {tally.line()}. Run the same command again to go on")
            raise SystemExit(130)
    return tally


def _case(name: str, who: Acting) -> "Case":
    from videtur.cases.queries import find_case
    from videtur.cases.rules import may_take_in
    from videtur.cases.services import find_or_create_case

    case = find_case(name) or find_or_create_case(who.actor, name, lead=who.user)
    if who.user is not None and not may_take_in(who.user, case):
        raise NotPermitted(
            f"{who.user.username} may not take files into {case.slug}",
            remedy="Ask the case lead for the role intake_officer",
        )
    return case


def _tell_unfit(unfit: "UnfitFile", tally: _Tally) -> None:
    complain(unfit.explain())
    if unfit.counts:
        tally.refused += 1
    else:
        tally.passed += 1


def _tell_taken(result: "TakenFile", tally: _Tally, *, as_json: bool) -> None:
    from videtur.evidence.names import printable_name

    taken = result.taken
    tally.new += taken.new
    tally.more += not taken.new and not taken.again
    tally.known += taken.again
    tally.size += taken.item.size if taken.new else 0
    path = os.fsencode(result.path)
    shown = printable_name(path)
    if as_json:
        try:
            told = {"path": path.decode("utf-8")}
        except UnicodeDecodeError:
            told = {"path": shown, "path_bytes": path.hex()}
        print_json_line(
            {
                **told,
                "item": taken.item.sha256,
                "sha256": taken.item.sha256,
                "size": taken.item.size,
                "new": taken.new,
                "ledger_index": taken.capture.entry_index,
            }
        )
        return
    state = "new" if taken.new else "taken in before" if taken.again else "known bytes, further capture"
    click.echo(f"{taken.item.sha256}  {shown}  ({state}, entry {taken.capture.entry_index})")


@contextmanager
def stopping_at_signals() -> Generator[threading.Event]:
    """The first Ctrl-C, SIGTERM or hang-up asks to stop; the second one insists."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
