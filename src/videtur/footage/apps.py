"""Django's registration of the app."""

from django.apps import AppConfig


class FootageConfig(AppConfig):
    """The app `footage`."""

    name = "videtur.footage"
    label = "footage"
