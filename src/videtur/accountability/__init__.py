"""Django app: accountability."""
