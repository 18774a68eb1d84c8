"""Every setting in one place: the environment in, a sensible default out.

Each `TROTH_*` name may also be given as `TROTH_*_FILE`, the path of a file that holds the value (for secrets).
An unknown or malformed value stops the start with a sentence that says what to write instead.
All of them are described for the host in `docs/run/settings.md`.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, overload
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from troth import __version__
from troth.record.rules import witnesses
from troth.site import logs
from troth.site.folder import closed_folder
from troth.site.rules.interpreter import faults_of, mended_by

HOME = Path(__file__).resolve().parent


@overload
def env(name: str, default: str) -> str: ...
@overload
def env(name: str) -> str | None: ...
def env(name: str, default: str | None = None) -> str | None:
    """The value of *name*, or of the file that `<name>_FILE` points at."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE points at {path}, which cannot be read: {error}.") from error
    return os.environ.get(name) or default


def truth(name: str, default: bool) -> bool:
    value = (env(name) or ("yes" if default else "no")).lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write yes or no.")


def whole(name: str, default: int) -> int:
    value = env(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number.") from error


def database(url: str | None) -> dict[str, Any]:
    """Django's database settings from a libpq URL or connection string."""
    if not url:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "troth"}
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except Exception as error:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read: write postgresql://user:password@host:5432/name."
        ) from error
    known = {key: parts.pop(key, "") for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known["dbname"] or "troth",
        "USER": known["user"],
        "PASSWORD": known["password"],
        "HOST": known["host"],
        "PORT": known["port"],
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **parts,
            # A worker that is paused inside a transaction must not hold its rows for ever (reliability R2). Compiling a
            # statement costs more than any of ours takes; and no disk of today seeks four times as dear as it reads on.
            "options": "-c idle_in_transaction_session_timeout=60s -c lock_timeout=30s -c jit=off -c random_page_cost=1.1",
            "application_name": "troth",
        },
    }


TROTH_DATA = Path(env("TROTH_DATA", str(Path.cwd() / ".troth"))).absolute()
VERSION = __version__


def made_once(name: str, words: str) -> Path:
    """A file of secrets beside the data, readable by its owner only; filled with *words* when it is not there yet."""
    path = closed_folder(TROTH_DATA) / name
    if path.exists():
        return path
    beside = path.with_name(f".{name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(words + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process of the same start was quicker: its words count
        os.link(beside, path)
    beside.unlink()
    return path


SECRET_KEY = env("TROTH_SECRET_KEY") or made_once("secret-key", secrets.token_urlsafe(50)).read_text().strip()
#: What seals the secrets in the database (people/seal.py): the keys themselves, or else the file they are read from.
TROTH_SEAL_KEY = "" if os.environ.get("TROTH_SEAL_KEY_FILE") else env("TROTH_SEAL_KEY", "")
TROTH_SEAL_KEY_FILE = os.environ.get("TROTH_SEAL_KEY_FILE") or (
    "" if TROTH_SEAL_KEY else str(made_once("seal-key", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()))
)
#: Where the customers' keys lie (ledger/keys.py): a file, or another PostgreSQL for an installation of several machines.
TROTH_CUSTOMER_KEYS = env("TROTH_CUSTOMER_KEYS") or str(TROTH_DATA / "customer-keys.sqlite3")
DEBUG = truth("TROTH_DEBUG", False)
PORT = whole("PORT", 8000)
#: Where people reach this installation; links in letters begin with it.
TROTH_URL = (env("TROTH_URL") or f"http://localhost:{PORT}").rstrip("/")
ALLOWED_HOSTS = [host.strip() for host in (env("TROTH_HOSTS") or "localhost,127.0.0.1,[::1]").split(",")]
if TROTH_URL.split("://", 1)[-1].split("/")[0].rsplit(":", 1)[0] not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(TROTH_URL.split("://", 1)[-1].split("/")[0].rsplit(":", 1)[0])
CSRF_TRUSTED_ORIGINS = [TROTH_URL]
HTTPS = TROTH_URL.startswith("https://")

#: What signs the heads of the log (ledger/outside.py): the keys themselves, or else the file they are read from, which is made when
#: the first head is signed; and the file of the head that was signed last.
TROTH_LOG_KEY = "" if os.environ.get("TROTH_LOG_KEY_FILE") else env("TROTH_LOG_KEY", "")
TROTH_LOG_KEY_FILE = os.environ.get("TROTH_LOG_KEY_FILE") or str(TROTH_DATA / "log-key")
TROTH_LAST_CHECKPOINT = env("TROTH_LAST_CHECKPOINT", str(TROTH_DATA / "last-checkpoint"))
#: The name of the log, which its first key gets and keeps.
TROTH_LOG_ORIGIN = env("TROTH_LOG_ORIGIN") or f"{TROTH_URL.split('://', 1)[-1]}/record"
if "+" in TROTH_LOG_ORIGIN or not TROTH_LOG_ORIGIN.isprintable() or re.search(r"\s", TROTH_LOG_ORIGIN):
    raise ImproperlyConfigured(f"TROTH_LOG_ORIGIN is {TROTH_LOG_ORIGIN!r}: write a name such as example.org/record.")

# Rooms, top first, as in .importlinter and docs/house.md.
INSTALLED_APPS = [
    "troth.site",
    "troth.desk",
    "troth.portal",
    "troth.channels.chat",
    "troth.channels.email",
    "troth.channels.files",
    "troth.channels.imports",
    "troth.channels.webform",
    "troth.record",
    "troth.privacy",
    "troth.inbox",
    "troth.hooks",
    "troth.learning",
    "troth.search",
    "troth.drafting",
    "troth.status",
    "troth.breaches",
    "troth.incidents",
    "troth.notices",
    "troth.cases",
    "troth.remedies",
    "troth.clocks",
    "troth.orders",
    "troth.promises",
    "troth.post",
    "troth.people",
    "troth.ledger",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",  # allauth's page of passkeys says how long ago
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "ninja",  # its copy of the page that shows the API
]

MIDDLEWARE = [
    # First, so that no answer of any other goes without them: a file, a refusal, a fault.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "troth.site.logs.Naming",
    "troth.site.metrics.Counting",
    "troth.site.api.never_html",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "troth.record.resources.alike_for_all",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "troth.site.urls"
WSGI_APPLICATION = "troth.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": True,  # each room's jinja2/<room>/
        "OPTIONS": {"environment": "troth.site.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HOME / "templates"],  # allauth's pages, in our dress
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASES = {"default": database(env("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        # Who tried to sign in how often is counted here; Django's 300 would let a crowd push the counts out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What is dear to count and may be some seconds old; each process counts for itself.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process"},
}

AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # staff come by invitation only; signing up is closed (site/accounts.py)
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # never mail an address somebody merely typed (reliability T3)
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_ADAPTER = "troth.site.accounts.StaffOnly"
ACCOUNT_FORMS = {
    "login": "troth.site.forms.SignIn",
    "reauthenticate": "troth.site.forms.Password",
    "change_password": "troth.site.forms.NewPassword",
    "set_password": "troth.site.forms.FirstPassword",
    "reset_password": "troth.site.forms.AskForLink",
    "reset_password_from_key": "troth.site.forms.PasswordByLink",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a letter when a password or a second factor changed
#: How long somebody who showed who they are is taken at their word where it is dangerous (people/doors.py).
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "troth.site.accounts.Factors"
MFA_FORMS = {
    "authenticate": "troth.site.forms.Code",
    "reauthenticate": "troth.site.forms.CodeAgain",
    "activate_totp": "troth.site.forms.FirstCode",
    "add_webauthn": "troth.site.forms.NewPasskey",
    "edit_webauthn": "troth.site.forms.PasskeyName",
    "login_webauthn": "troth.site.forms.PasskeyAlone",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address of staff was vouched for by whoever invited them
MFA_TOTP_TOLERANCE = 1  # phones' clocks are a little off
MFA_TOTP_ISSUER = "Troth"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # localhost, to try it out

#: The company's own sign-in (OpenID Connect); empty: none. See docs/run/sign-in.md.
TROTH_OIDC_URL = env("TROTH_OIDC_URL", "").rstrip("/")
TROTH_OIDC_NAME = env("TROTH_OIDC_NAME", "your company account")
TROTH_OIDC_CLIENT_ID = env("TROTH_OIDC_CLIENT_ID", "")
TROTH_OIDC_CLIENT_SECRET = env("TROTH_OIDC_CLIENT_SECRET", "")
if TROTH_OIDC_URL and not (TROTH_OIDC_CLIENT_ID and TROTH_OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured("TROTH_OIDC_URL also needs TROTH_OIDC_CLIENT_ID and TROTH_OIDC_CLIENT_SECRET.")
if TROTH_OIDC_URL and not TROTH_OIDC_URL.startswith(("https://", "http://localhost", "http://127.0.0.1")):
    raise ImproperlyConfigured(f"TROTH_OIDC_URL is {TROTH_OIDC_URL!r}: write an address that begins with https://.")
SOCIALACCOUNT_ADAPTER = "troth.site.openid.Elsewhere"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "troth.site.openid.Provider",
        "APPS": [
            {
                "provider_id": "company",
                "name": TROTH_OIDC_NAME,
                "client_id": TROTH_OIDC_CLIENT_ID,
                "secret": TROTH_OIDC_CLIENT_SECRET,
                "settings": {"server_url": TROTH_OIDC_URL},
            }
        ]
        if TROTH_OIDC_URL
        else [],
    }
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/today/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [HOME / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

#: The zone of the company until it says another in its calendar.
TROTH_ZONE = env("TROTH_ZONE", "UTC")
try:
    ZoneInfo(TROTH_ZONE)
except (ZoneInfoNotFoundError, ValueError) as error:
    raise ImproperlyConfigured(f"TROTH_ZONE is {TROTH_ZONE!r}: write an IANA name such as Europe/London.") from error

STATIC_URL = "/static/"
STATIC_ROOT = TROTH_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Nothing inline, nothing from elsewhere, no eval; mail bodies have a stricter policy of their own (cases.desk.attached).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
# Not "no-referrer": browsers then post forms with "Origin: null", which the CSRF check rightly refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = False  # the proxy in front does it
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # see the line above
    "security.W021",  # to be in the browsers' own lists binds a whole domain for years: the host's decision, not ours
]
if truth("TROTH_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else all visitors count as one, and one could use up everybody's tries
DATA_UPLOAD_MAX_MEMORY_SIZE = 26 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

#: How letters leave: a carrier's dotted path, resolved late by `post` (house.md: a low room names a high one by reference).
TROTH_CARRIER = env(
    "TROTH_CARRIER",
    "troth.channels.email.carrier.SmtpCarrier"
    if env("TROTH_SMTP_HOST")
    else "troth.channels.files.carrier.FolderCarrier",
)
#: What brings a notice to those it concerns: dotted paths of carriers (`troth.notices.rules.carriers`), the first tried first.
TROTH_NOTICE_CARRIERS = env("TROTH_NOTICE_CARRIERS", "troth.notices.mail.Mail").split()
#: What gives a letter the receipts it encloses: a dotted path, resolved late like the carrier's. Empty: no letter carries any.
TROTH_ENCLOSURES = env("TROTH_ENCLOSURES", "troth.record.receipts.for_letter")
if TROTH_ENCLOSURES == "none":
    TROTH_ENCLOSURES = ""
TROTH_SMTP_HOST = env("TROTH_SMTP_HOST", "")
TROTH_SMTP_PORT = whole("TROTH_SMTP_PORT", 25)
TROTH_SMTP_USER = env("TROTH_SMTP_USER", "")
TROTH_SMTP_PASSWORD = env("TROTH_SMTP_PASSWORD", "")
TROTH_SMTP_TLS = env("TROTH_SMTP_TLS", "none")
if TROTH_SMTP_TLS not in {"none", "starttls", "tls"}:
    raise ImproperlyConfigured(f"TROTH_SMTP_TLS is {TROTH_SMTP_TLS!r}: write none, starttls or tls.")
#: The address letters come from, and the mailbox replies return to (plus-addressed with a signed token).
TROTH_MAIL_FROM = env("TROTH_MAIL_FROM", "support@troth.example")
#: What Django itself sends (a forgotten password) leaves as a letter like every other.
EMAIL_BACKEND = "troth.post.backend.LetterBackend"
DEFAULT_FROM_EMAIL = TROTH_MAIL_FROM
PASSWORD_RESET_TIMEOUT = 4 * 3600
#: Every letter but those about accounts also goes here; an unclear send is settled by looking for it (4.1). Empty: none.
TROTH_MAIL_ARCHIVE = env("TROTH_MAIL_ARCHIVE", "")
#: Whether the first start, on an empty database, shows the sample company.
TROTH_SAMPLE = truth("TROTH_SAMPLE", True)
#: Seconds a reply waits before it leaves, so that it can be taken back.
TROTH_UNDO_SECONDS = whole("TROTH_UNDO_SECONDS", 10)
#: The same of an answer in a chat whose visitor is there.
TROTH_CHAT_UNDO_SECONDS = whole("TROTH_CHAT_UNDO_SECONDS", 2)
#: After so many seconds without an open page a visitor has left, and answers go by mail. A page says every ten that it is open.
TROTH_CHAT_GONE_SECONDS = whole("TROTH_CHAT_GONE_SECONDS", 30)
if TROTH_CHAT_GONE_SECONDS < 15:
    raise ImproperlyConfigured(f"TROTH_CHAT_GONE_SECONDS is {TROTH_CHAT_GONE_SECONDS}: write 15 or more.")
#: So many days a visitor's browser may come back to their talk.
TROTH_CHAT_DAYS = whole("TROTH_CHAT_DAYS", 14)
#: How large all files of one answer may be together, in MiB: a third more on the way, and few servers take over 25.
TROTH_FILES_MIB = whole("TROTH_FILES_MIB", 15)

#: How much of the record strangers may see: docs/decisions/0005.
TROTH_RECORD = (env("TROTH_RECORD") or "open").lower()
if TROTH_RECORD not in {"open", "hashes", "closed"}:
    raise ImproperlyConfigured(f"TROTH_RECORD is {TROTH_RECORD!r}: write open, hashes or closed.")

#: Places in our own networks that webhooks may be sent to, also without TLS: `host:port` with commas between.
TROTH_HOOKS_ALLOW = frozenset((env("TROTH_HOOKS_ALLOW") or "").lower().replace(",", " ").split())
if unclear := [
    place for place in TROTH_HOOKS_ALLOW if not re.fullmatch(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+):[0-9]+", place)
]:
    raise ImproperlyConfigured(f"TROTH_HOOKS_ALLOW holds {unclear[0]!r}: write host:port, with commas between.")

#: A language model that drafts answers: the address of an OpenAI-compatible endpoint, up to and without /chat/completions.
TROTH_MODEL_URL = env("TROTH_MODEL_URL", "").rstrip("/")
if TROTH_MODEL_URL and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", TROTH_MODEL_URL):
    raise ImproperlyConfigured(
        f"TROTH_MODEL_URL is {TROTH_MODEL_URL!r}: write http(s)://host:port/v1, with the key apart."
    )
TROTH_MODEL_KEY = env("TROTH_MODEL_KEY", "")
TROTH_MODEL_NAME = env("TROTH_MODEL_NAME", "")
if TROTH_MODEL_URL and not TROTH_MODEL_NAME:
    raise ImproperlyConfigured("TROTH_MODEL_URL is set and TROTH_MODEL_NAME is not: write the model's name.")
#: So long one draft may take.
TROTH_MODEL_SECONDS = whole("TROTH_MODEL_SECONDS", 60)
if not 1 <= TROTH_MODEL_SECONDS <= 150:
    raise ImproperlyConfigured(f"TROTH_MODEL_SECONDS is {TROTH_MODEL_SECONDS}: write 1 to 150.")

#: Who cosigns our log, and where to ask them (docs/run/witness.md).
try:
    TROTH_WITNESSES = witnesses.read(env("TROTH_WITNESSES", ""))
except witnesses.NotAWitness as error:
    raise ImproperlyConfigured(f"TROTH_WITNESSES: {error}") from error

#: Who may read figures about the installation: whoever brings this token; without one, whoever asks from this machine.
TROTH_METRICS_TOKEN = env("TROTH_METRICS_TOKEN", "")
#: Megabytes that must be free where the data and the embedded database lie.
TROTH_DISK_LOW_MB = whole("TROTH_DISK_LOW_MB", 512)

if truth("TROTH_REFUSE_OLD_PYTHON", False) and faults_of(sys.version_info[:3]):
    raise ImproperlyConfigured(
        f"This Python has known faults, which Python {mended_by(sys.version_info[:3])} is free of: start with that one, "
        "or write TROTH_REFUSE_OLD_PYTHON=no."
    )
TROTH_LOG_LEVEL = (env("TROTH_LOG_LEVEL") or "INFO").upper()
if TROTH_LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    raise ImproperlyConfigured(f"TROTH_LOG_LEVEL is {TROTH_LOG_LEVEL!r}: write DEBUG, INFO, WARNING or ERROR.")
TROTH_LOG_FORMAT = env("TROTH_LOG_FORMAT", "auto")
if TROTH_LOG_FORMAT not in logs.FORMS:
    raise ImproperlyConfigured(f"TROTH_LOG_FORMAT is {TROTH_LOG_FORMAT!r}: write auto, json or text.")
TROTH_ACCESS_LOG = truth("TROTH_ACCESS_LOG", False)
LOGGING = logs.settings_for(level=TROTH_LOG_LEVEL, form=TROTH_LOG_FORMAT, frank=DEBUG)
