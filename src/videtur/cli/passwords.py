"""Passwords of accounts: from a file, from the terminal, or made here and shown once."""

import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from videtur.errors import WrongUsage

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without i, l, o, 0 and 1, which are misread on paper
_GROUPS, _GROUP_LENGTH = 5, 4


@dataclass(frozen=True, slots=True)
class Password:
    """A password, and whether it was made here, so that the person has yet to be told."""

    text: str
    made_here: bool


def password_file_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--password-file FILE`, which arrives as `password_file: Path | None`."""
    return click.option(
        "--password-file",
        type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
        help="File whose first line is the password (- reads it from stdin). Asked for at a terminal; else "
        "one is made and printed once.",
    )(command)


def at_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def choose_password(password_file: Path | None) -> Password:
    """The password of the file, else of the person at the terminal, else a new one."""
    if password_file is not None:
        return Password(_read(password_file), made_here=False)
    if at_terminal():
        typed = click.prompt(
            "Password (leave empty to have one made)",
            hide_input=True,
            confirmation_prompt="The same again",
            default="",
            show_default=False,
            err=True,
        )
        if typed:
            return Password(str(typed), made_here=False)
    return Password(new_password(), made_here=True)


def new_password() -> str:
    """A password of 99 bits that a person can copy from paper."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def _read(path: Path) -> str:
    try:
        with click.open_file(str(path), encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise WrongUsage(f"The password file {path} cannot be read", str(problem)) from problem
