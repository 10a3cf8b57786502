"""Django's settings, all of them derived from the workspace."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from videtur.workspace import Workspace, find_workspace

WORKSPACE: Workspace = find_workspace()


def database_settings(workspace: Workspace) -> dict[str, object]:
    """Django's description of the workspace's database."""
    if path := workspace.sqlite_path:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": {
                # IMMEDIATE: one ledger, one writer, no deadlock on upgrade of a read lock.
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,
                # FULL: with NORMAL a power cut loses commits that were acknowledged.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    url = urlsplit(workspace.database)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.removeprefix("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or "") or dict(parse_qsl(url.query)).get("host", ""),
        "PORT": str(url.port or ""),
    }


DATABASES = {"default": database_settings(WORKSPACE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
SECRET_KEY = os.environ.get("VIDETUR_SECRET_KEY", "only-for-commands-that-serve-no-pages")
USE_TZ = True
TIME_ZONE = "UTC"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "videtur.ledger",
    "videtur.people",
    "videtur.cases",
    "videtur.pipeline",
    "videtur.evidence",
    "videtur.footage",
    "videtur.publication",
]
