"""The entry point: finds the verb's module only when the verb is called, and turns errors into one line."""

import importlib
import os
import sys
import traceback

import click

from videtur.errors import VideturError

VERBS: dict[str, str] = {
    "init": "videtur.cli.init:command",
    "intake": "videtur.cli.intake:command",
    "examine": "videtur.cli.examine:examine",
    "status": "videtur.cli.status:command",
    "copies": "videtur.cli.copies:copies",
    "match": "videtur.cli.match:command",
    "redact": "videtur.cli.redact:command",
    "verify": "videtur.cli.verify:command",
    "package": "videtur.cli.package:group",
    "report": "videtur.cli.report:command",
    "release": "videtur.cli.release:group",
    "serve": "videtur.cli.serve:command",
    "case": "videtur.cli.case:group",
    "user": "videtur.cli.user:group",
    "key": "videtur.cli.key:group",
    "models": "videtur.cli.models:group",
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
@click.option("--debug", is_flag=True, help="Show the traceback of an error (may stand anywhere).")
@click.version_option(package_name="videtur")
def cli(debug: bool) -> None:
    """Videtur: from a folder of videos to a sealed, examined case."""


def main() -> None:
    """Run the command line and exit with the status of docs/reference/command-line.md."""
    arguments, debug = _without_debug(sys.argv[1:])
    try:
        result = cli.main(args=arguments, prog_name="videtur", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
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
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as problem:  # noqa: BLE001 - the last line of defence: a person never gets a traceback
        if debug:
            traceback.print_exc()
        told = " ".join(str(problem).split())
        click.echo(
            f"A fault of Videtur itself: {type(problem).__name__}: {told}. See more with --debug.", err=True
        )
        sys.exit(4)
    # Without standalone mode click hands the status of ctx.exit() back instead of exiting with it.
    sys.exit(result if isinstance(result, int) else 0)


def _without_debug(arguments: list[str]) -> tuple[list[str], bool]:
    """`--debug` may stand anywhere before a `--`."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = [argument for argument in arguments[:end] if argument != "--debug"]
    return options + arguments[end:], len(options) < end
