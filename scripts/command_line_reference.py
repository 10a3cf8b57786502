"""Writes docs/reference/command-line.md from the commands' own --help; with --check, says if it is so."""

import sys
from pathlib import Path

import click

from videtur.cli.main import cli

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "command-line.md"
HEAD = """# Command line

`videtur VERB ... [--json]`. Without `--json`: a table or a few lines, with progress on stderr for
anything over two seconds. With `--json`: one JSON document on stdout, or JSON Lines where the verb says
so, and nothing else on stdout.

| exit status | meaning |
|---|---|
| 0 | done |
| 1 | the answer is no: a verification or check failed, or nothing matched with `--expect-match` |
| 2 | wrong usage |
| 3 | an input was refused or unreadable; the others were still processed |
| 4 | our own fault |

A refused input is one line on stderr: which file, what is wrong with it, what to do. One bad file never
stops the batch. `videtur --debug VERB ...` shows the traceback of an error.

Times in media are `{"pts": int, "time_base": [numerator, denominator], "seconds": "12.345"}` wherever a
record is made; `match` gives plain seconds. A workspace verb works on `--workspace DIR`, else on
`VIDETUR_WORKSPACE`, else on the nearest folder upwards that holds `videtur.toml`.
"""


def sections(command: click.Command, name: str, parent: click.Context | None) -> list[str]:
    """The help of a command, then of its subcommands."""
    context = click.Context(command, info_name=name, parent=parent, max_content_width=100, terminal_width=100)
    level = "##" if parent is None or parent.parent is None else "###"
    parts: list[str] = []
    if parent is not None:
        parts.append(f"{level} {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n")
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                parts.extend(sections(found, child, context))
    return parts


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *sections(cli, "videtur", None)])


def main() -> int:
    """Write the page, or with --check say whether it is as it should be."""
    wanted = page()
    if "--check" in sys.argv:
        same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted
        print("as it should be" if same else "out of date: run scripts/command_line_reference.py")
        return int(not same)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
