"""Django's registration of the app."""

from django.apps import AppConfig


class FootageConfig(AppConfig):
    """The app `footage`."""

    name = "videtur.footage"
    label = "footage"

    def ready(self) -> None:
        """Observations made in the player are observations of the method."""
        from videtur.cases.case_file import contributes
        from videtur.footage.contributions import observations_made

        contributes(observations_made)
