"""Passwords made here: strong, and different each time."""

from django.contrib.auth.password_validation import validate_password

from videtur.cli.passwords import new_password


def test_made_passwords_are_accepted_and_differ() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        validate_password(password)
