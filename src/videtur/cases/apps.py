"""Django's registration of the app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The app `cases`."""

    name = "videtur.cases"
    label = "cases"
