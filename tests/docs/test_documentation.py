"""The documentation says what the program does: commands, links, floors, dependencies."""

import re
import subprocess
import sys
import tomllib

import click
import pytest

from tests.conftest import REPOSITORY
from videtur.cli.main import VERBS, cli

DOCS = REPOSITORY / "docs"
WORKSPACE_VERBS = {"init", "intake", "examine", "status", "copies", "serve", "worker", "verify"}
PROMISED = WORKSPACE_VERBS | {"match", "package", "report", "models", "user", "key"}


@pytest.mark.parametrize("script", ["command_line_reference.py", "vocabulary_reference.py"])
def test_a_generated_page_is_what_the_program_says(script: str) -> None:
    # In a process of its own: click keeps what an earlier test of this one made of the help options.
    command = [sys.executable, f"scripts/{script}", "--check"]
    checked = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_promised_verb_is_there() -> None:
    assert set(VERBS) >= PROMISED


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_and_option_explains_itself(verb: str) -> None:
    context = click.Context(cli)
    command = cli.get_command(context, verb)
    assert command is not None
    pending = [command]
    while pending:
        current = pending.pop()
        assert current.help, f"{verb}: no help"
        for parameter in current.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{verb} {parameter.opts}: no help"
        if isinstance(current, click.Group):
            children = [current.get_command(context, name) for name in current.list_commands(context)]
            pending.extend(child for child in children if child is not None)


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (DOCS / "dependencies.md").read_text(encoding="utf-8").lower()
    extras = [name for group in project["optional-dependencies"].values() for name in group]
    for requirement in [*project["dependencies"], *extras]:
        name = re.split(r"[<>=~\[]", requirement)[0].lower()
        assert name in page, f"{name}: why it and not its rivals? (docs/dependencies.md)"
        assert re.search(r"<|~=", requirement), f"{requirement}: no upper bound"


def test_the_floors_of_the_page_are_the_floors_that_are_checked() -> None:
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    floors = [re.sub(r"\s", "", floor) for floor in contracts["contracts"][0]["layers"]]
    block = (DOCS / "architecture.md").read_text(encoding="utf-8").split("## Floors")[1].split("```")[1]
    assert [re.sub(r"\s", "", line) for line in block.strip().splitlines()] == floors


def test_every_page_is_in_the_navigation_and_every_local_link_leads_somewhere() -> None:
    navigation = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    for path in DOCS.rglob("*.md"):
        assert str(path.relative_to(DOCS)) in navigation
    for path in [*DOCS.rglob("*.md"), REPOSITORY / "README.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target} leads nowhere"
