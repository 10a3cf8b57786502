"""Django's registration of the app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app `people`."""

    name = "videtur.people"
    label = "people"
