"""How allauth behaves here: nobody signs up, second factors are kept encrypted."""

from base64 import urlsafe_b64encode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest


class ClosedAccounts(DefaultAccountAdapter):
    """Accounts are made by `videtur user add`, by somebody who answers for it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class SealedSecrets(DefaultMFAAdapter):
    """The secrets of second factors lie encrypted in the database, under the workbench's own secret."""

    def encrypt(self, text: str) -> str:
        """What is stored."""
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """What the authenticator app knows."""
        return _cipher().decrypt(encrypted_text.encode("ascii")).decode()


def _cipher() -> Fernet:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"videtur second factor")
    return Fernet(urlsafe_b64encode(derivation.derive(settings.SECRET_KEY.encode())))
