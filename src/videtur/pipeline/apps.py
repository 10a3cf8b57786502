"""Django's registration of the app."""

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    """The app `pipeline`."""

    name = "videtur.pipeline"
    label = "pipeline"
