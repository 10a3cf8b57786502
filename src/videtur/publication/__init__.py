"""Django app: publication."""
