"""Django's registration of the app."""

from django.apps import AppConfig


class AccountabilityConfig(AppConfig):
    """The app `accountability`."""

    name = "videtur.accountability"
    label = "accountability"
