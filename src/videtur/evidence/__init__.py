"""Django app: evidence."""
