"""A second factor: set up by its owner, asked for at sign-in, kept encrypted."""

import json
import re
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from videtur.web.accounts import SealedSecrets

if TYPE_CHECKING:
    from tests.web.conftest import House

SIGN_IN = {"login": "lead", "password": "correct horse battery staple"}


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_the_second_factor_is_asked_for(house: "House") -> None:
    browser = Client()
    browser.post("/accounts/login/", SIGN_IN)
    asked_again = browser.get("/accounts/2fa/totp/activate/", follow=True)
    assert asked_again.redirect_chain, "a change to the account asks for the password once more"
    confirmed = browser.post(
        asked_again.redirect_chain[-1][0], {"password": SIGN_IN["password"]}, follow=True
    )
    page = confirmed.content.decode()
    secret = re.search(r'<code class="secret">([A-Z2-7]+)</code>', page)
    assert secret
    added = browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret[1])})
    assert added.status_code == 302
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret[1] not in json.dumps(stored.data)
    assert browser.get("/accounts/2fa/").status_code == 200
    assert browser.get("/accounts/2fa/recovery-codes/").status_code == 200

    later = Client()
    asked = later.post("/accounts/login/", SIGN_IN)
    assert asked["Location"] == "/accounts/2fa/authenticate/"
    assert later.get("/").status_code == 302, "the password alone opens nothing"
    assert later.get(asked["Location"]).status_code == 200
    wrong = later.post(asked["Location"], {"code": "000000"})
    assert wrong.status_code == 200
    assert later.get("/").status_code == 302


def test_secrets_come_back_from_their_cipher() -> None:
    sealed = SealedSecrets()
    assert sealed.decrypt(sealed.encrypt("JBSWY3DP")) == "JBSWY3DP"
    assert sealed.encrypt("JBSWY3DP") != sealed.encrypt("JBSWY3DP")


def test_account_pages_are_ours(house: "House", client: Client) -> None:
    for path in ("/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"):
        html = client.get(path, follow=True).content.decode()
        assert "videtur.css" in html
        assert "style=" not in html
