"""Django's registration of the app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The app `evidence`."""

    name = "videtur.evidence"
    label = "evidence"
