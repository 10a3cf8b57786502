"""Django app: verification."""
