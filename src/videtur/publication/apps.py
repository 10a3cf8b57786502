"""Django's registration of the app."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """The app `publication`."""

    name = "videtur.publication"
    label = "publication"
