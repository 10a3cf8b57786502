"""The entry point: finds the verb's module only when the verb is called, and turns errors into one line."""

import importlib
import sys
import traceback

import click

from videtur.errors import VideturError

VERBS: dict[str, str] = {
    "init": "videtur.cli.init:command",
    "intake": "videtur.cli.intake:command",
    "examine": "videtur.cli.examine:examine",
    "copies": "videtur.cli.copies:copies",
    "worker": "videtur.cli.worker:worker",
}
"""Verb -> "module:command". A module is imported when its verb is called, so that `--help` is quick."""


class LazyGroup(click.Group):
    """A group whose commands live in one module each."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order of the work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module and return its command."""
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above names commands alone
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="videtur")
def cli(debug: bool) -> None:
    """Videtur: from a folder of videos to a sealed, examined case."""


def main() -> None:
    """Run the command line and exit with the status of docs/reference/command-line.md."""
    debug = "--debug" in sys.argv
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(2)
    except VideturError as problem:
        if debug:
            traceback.print_exc()
        click.echo(problem.explain(), err=True)
        sys.exit(problem.exit_status)
