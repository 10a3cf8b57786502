"""Django app: pipeline."""
