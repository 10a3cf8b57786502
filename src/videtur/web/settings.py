"""Django's settings, all of them derived from the workspace and a few environment variables of `serve`."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from videtur.workspace import Workspace, find_workspace

WORKSPACE: Workspace = find_workspace()


def database_settings(workspace: Workspace) -> dict[str, object]:
    """Django's description of the workspace's database."""
    if path := workspace.sqlite_path:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": {
                # IMMEDIATE: one ledger, one writer, no deadlock on upgrade of a read lock.
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,
                # FULL: with NORMAL a power cut loses commits that were acknowledged.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    url = urlsplit(workspace.database)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.removeprefix("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or "") or dict(parse_qsl(url.query)).get("host", ""),
        "PORT": str(url.port or ""),
    }


def secret_key(workspace: Workspace) -> str:
    """The workbench's secret; for a process that serves no pages, one that dies with it."""
    try:
        return workspace.web_secret.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(48)


DATABASES = {"default": database_settings(WORKSPACE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
SECRET_KEY = secret_key(WORKSPACE)
INSTALLED_APPS = [
    # Before allauth: its pages are drawn with our templates.
    "videtur.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "videtur.ledger",
    "videtur.people",
    "videtur.cases",
    "videtur.pipeline",
    "videtur.evidence",
    "videtur.footage",
    "videtur.verification",
    "videtur.accountability",
    "videtur.publication",
]
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "videtur.web.security.PrivateResponses",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "videtur.web.security.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "videtur.web.security.Explained",
]
ROOT_URLCONF = "videtur.web.urls"
WSGI_APPLICATION = "videtur.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Who is served, and by which name.
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
GIVEN_HOSTS = [host for host in os.environ.get("VIDETUR_WEB_HOSTS", "").split(",") if host]
ALLOWED_HOSTS = [*LOOPBACK_HOSTS, *GIVEN_HOSTS]
BEHIND_HTTPS = os.environ.get("VIDETUR_WEB_HTTPS", "") == "1"
"""Set when a reverse proxy speaks HTTPS for us; the proxy must set X-Forwarded-Proto itself."""
if BEHIND_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in GIVEN_HOSTS]

# Sign-in. Accounts are made by `videtur user`, never by a visitor.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "cases"
ACCOUNT_ADAPTER = "videtur.web.accounts.ClosedAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_ADAPTER = "videtur.web.accounts.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Videtur"

# Sessions and forms.
SESSION_COOKIE_NAME = "videtur_session"
SESSION_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "videtur_csrf"
CSRF_COOKIE_SECURE = BEHIND_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "videtur.web.pages.csrf_failure"
LANGUAGE_COOKIE_NAME = "videtur_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# What the browser may do with our pages: nothing that is not ours, nothing inline.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Static files carry no evidence: style sheet, scripts, words.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/built/assets/.+-[0-9A-Za-z_-]{8,}\.[a-z0-9]+$"

# Words.
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("uk", "Українська"), ("ru", "Русский")]
LOCALE_PATHS = [Path(__file__).with_name("locale")]

# Uploads come by tus, in pieces that never go through Django's form parser.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
UPLOAD_SIZE_LIMIT = int(os.environ.get("VIDETUR_UPLOAD_LIMIT", str(64 << 30)))
"""Largest file that a browser may upload, in bytes."""
UPLOAD_LIFETIME_HOURS = 72
"""How long an unfinished upload waits to be resumed."""
