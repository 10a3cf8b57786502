"""Django's registration of the app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """The app `ledger`."""

    name = "videtur.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Whatever was migrated, recorded tables stay append-only."""
        from videtur.ledger.append_only import install_triggers

        post_migrate.connect(install_triggers, dispatch_uid="videtur.ledger.append_only")
