"""Django's registration of the app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The app `evidence`."""

    name = "videtur.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Items that came in are items of the method."""
        from videtur.cases.case_file import contributes
        from videtur.evidence.contributions import items_arrived

        contributes(items_arrived)
