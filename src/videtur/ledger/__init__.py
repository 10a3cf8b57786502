"""Django app: ledger."""
