"""Django's registration of the app."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """The app `verification`."""

    name = "videtur.verification"
    label = "verification"
