"""Django's registration of the app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The app `cases`."""

    name = "videtur.cases"
    label = "cases"

    def ready(self) -> None:
        """Parties that were named by hand are parties of the method."""
        from videtur.cases.case_file import contributes
        from videtur.cases.parties import parties_named

        contributes(parties_named)
