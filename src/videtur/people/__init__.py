"""Django app: people."""
