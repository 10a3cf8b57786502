"""`videtur user`: the accounts of a workspace."""

from pathlib import Path

import click

from videtur.cli.environment import (
    acting,
    actor_option,
    json_option,
    open_workspace,
    print_json,
    workspace_option,
    writing,
)
from videtur.cli.passwords import Password, choose_password, password_file_option
from videtur.errors import NotPermitted


@click.group()
def group() -> None:
    """Accounts: who can sign in and who did what.

    A new account sees no case until a case lead gives it a role (videtur case grant), unless it is an
    administrator. Accounts are disabled, never deleted: what a person did keeps their name.
    """


@group.command("add")
@click.argument("name", metavar="USERNAME")
@click.option("--display-name", default="", help="The person's name as pages show it.")
@click.option("--administrator", is_flag=True, help="Sees every case and manages accounts.")
@password_file_option
@actor_option
@workspace_option
@json_option
def add(
    name: str,
    display_name: str,
    administrator: bool,
    password_file: Path | None,
    username: str | None,
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Add the account USERNAME."""
    opened = open_workspace(workspace)
    from videtur.people.services import create_user

    actor = _manager(username)
    password = choose_password(password_file)
    with writing(opened):
        user = create_user(actor, name, password.text, administrator=administrator, display_name=display_name)
    _tell_password(f"Added {user.username}", user.username, password, as_json=as_json)


@group.command("list")
@workspace_option
@json_option
def list_users(workspace: Path | None, as_json: bool) -> None:
    """List all accounts."""
    open_workspace(workspace)
    from videtur.people.models import User

    users = [
        {
            "username": user.username,
            "display_name": user.display_name,
            "administrator": user.is_superuser,
            "active": user.is_active,
            "actor": user.actor,
            "last_login": user.last_login.isoformat() if user.last_login else None,
        }
        for user in User.objects.order_by("username")
    ]
    if as_json:
        print_json(users)
        return
    for user in users:
        marks = [word for word, on in (("administrator", user["administrator"]),) if on]
        marks += [] if user["active"] else ["disabled"]
        click.echo("  ".join([str(user["username"]), str(user["display_name"]), ", ".join(marks)]).rstrip())


@group.command("disable")
@click.argument("name", metavar="USERNAME")
@actor_option
@workspace_option
def disable_user(name: str, username: str | None, workspace: Path | None) -> None:
    """Shut the account USERNAME out. The last administrator cannot be."""
    opened = open_workspace(workspace)
    from videtur.people.queries import user_named
    from videtur.people.services import disable

    actor = _manager(username)
    with writing(opened):
        disable(actor, user_named(name))
    click.echo(f"Disabled {name}")


@group.command("enable")
@click.argument("name", metavar="USERNAME")
@actor_option
@workspace_option
def enable_user(name: str, username: str | None, workspace: Path | None) -> None:
    """Let the account USERNAME in again."""
    opened = open_workspace(workspace)
    from videtur.people.queries import user_named
    from videtur.people.services import enable

    actor = _manager(username)
    with writing(opened):
        enable(actor, user_named(name))
    click.echo(f"Enabled {name}")


@group.command("password")
@click.argument("name", metavar="USERNAME")
@password_file_option
@actor_option
@workspace_option
@json_option
def set_password(
    name: str, password_file: Path | None, username: str | None, workspace: Path | None, as_json: bool
) -> None:
    """Give the account USERNAME a new password; its open sessions end."""
    opened = open_workspace(workspace)
    from videtur.people.queries import user_named
    from videtur.people.services import reset_password

    user = user_named(name)
    actor = user.actor if acting(username).user == user else _manager(username)
    password = choose_password(password_file)
    with writing(opened):
        reset_password(actor, user, password.text)
    _tell_password(f"New password for {user.username}", user.username, password, as_json=as_json)


def _manager(username: str | None) -> str:
    """The actor, who must be an administrator if it is an account at all."""
    who = acting(username)
    if who.user is not None and not who.user.is_superuser:
        raise NotPermitted(f"{who.user.username} is no administrator", remedy="Ask one to do it")
    return who.actor


def _tell_password(done: str, name: str, password: Password, *, as_json: bool) -> None:
    if as_json:
        print_json({"username": name} | ({"password": password.text} if password.made_here else {}))
        return
    click.echo(done)
    if password.made_here:
        click.echo(f"Password (shown only now): {password.text}")
