"""The migrations say everything the models say."""

import os
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command

from videtur.workspace import ENVIRONMENT_VARIABLE, write_workspace


def main() -> None:
    """Exit 1 when `makemigrations` would write something."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ[ENVIRONMENT_VARIABLE] = str(write_workspace(Path(folder) / "workspace").root)
        os.environ["DJANGO_SETTINGS_MODULE"] = "videtur.web.settings"
        django.setup()
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)


if __name__ == "__main__":
    sys.exit(main())
