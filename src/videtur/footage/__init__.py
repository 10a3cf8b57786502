"""Django app: footage."""
