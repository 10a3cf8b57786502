"""Django's registration of the app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The workbench's shared pages, styles and words. It has no tables."""

    name = "videtur.web"
    label = "web"
