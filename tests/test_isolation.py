"""Tests that run side by side do not share a workspace."""

import os
from pathlib import Path

from django.conf import settings

from videtur.workspace import ENVIRONMENT_VARIABLE


def test_django_uses_the_workspace_that_this_process_made() -> None:
    assert Path(os.environ[ENVIRONMENT_VARIABLE]) == settings.WORKSPACE.root
