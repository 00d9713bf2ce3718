"""All settings. The only reader of the environment; every variable is described in `.env.example`.

Order of precedence: the process environment, `.env` beside manage.py, the file named by DOCUSIGN_ENV_FILE.
"""

from email.utils import formataddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from .catalogues import LANGUAGES as LANGUAGES
from .catalogues import compiled
from .environment import colour, days, file_or_value, hours, networks, one_of, secret_key, split_list
from .logs import logging_config
from .middleware import MIDDLEWARE as MIDDLEWARE
from .schedule import DEFAULT_QUEUE, QUEUES, ROUTES, TICKS, transport_options

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")
if env.str("DOCUSIGN_ENV_FILE", ""):
    env.read_env(env.str("DOCUSIGN_ENV_FILE"))

DEBUG = env.bool("DEBUG", False)
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

from .login import *  # noqa: E402, F403  (the staff's way in, kept apart for its length)
from .login import WAY_IN_APPS  # noqa: E402

# --- Who we are ---------------------------------------------------------------------------------

ORGANISATION_NAME = env.str("ORGANISATION_NAME", "Signing Portal")
ORGANISATION_LOGO = env.str("ORGANISATION_LOGO", "")
ORGANISATION_COLOUR = colour(env.str("ORGANISATION_COLOUR", ""))
ORGANISATION_CONTACT = env.str("ORGANISATION_CONTACT", "")
PORTAL_BASE_URL = env.str("PORTAL_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
_portal_url = urlsplit(PORTAL_BASE_URL)
if _portal_url.scheme not in ("http", "https") or not _portal_url.hostname or _portal_url.path:
    raise ImproperlyConfigured("PORTAL_BASE_URL must look like https://sign.example.com")
PORTAL_IS_HTTPS = _portal_url.scheme == "https"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _portal_url.scheme

SECRET_KEY = secret_key(env, DATA_DIR)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_portal_url.hostname, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [PORTAL_BASE_URL]

# --- Docusign -----------------------------------------------------------------------------------

DOCUSIGN_INTEGRATION_KEY = env.str("DOCUSIGN_INTEGRATION_KEY", "")
DOCUSIGN_USER_ID = env.str("DOCUSIGN_USER_ID", "")
DOCUSIGN_ACCOUNT_ID = env.str("DOCUSIGN_ACCOUNT_ID", "")
DOCUSIGN_OAUTH_BASE_URL = env.str("DOCUSIGN_OAUTH_BASE_URL", "https://account-d.docusign.com").rstrip("/")
DOCUSIGN_PRIVATE_KEY = file_or_value(env, "DOCUSIGN_PRIVATE_KEY").replace("\\n", "\n")
# During a change-over: used where Docusign does not know the one above.
DOCUSIGN_PRIVATE_KEY_NEXT = file_or_value(env, "DOCUSIGN_PRIVATE_KEY_NEXT").replace("\\n", "\n")
# Only for learning which user granted consent (signing.consenting); everything else goes by JWT Grant.
DOCUSIGN_CLIENT_SECRET = file_or_value(env, "DOCUSIGN_CLIENT_SECRET")
DOCUSIGN_PKCE = env.bool("DOCUSIGN_PKCE", True)
SENDING_IDENTITIES = env.str("SENDING_IDENTITIES", "offered")
one_of("off offered preferred", SENDING_IDENTITIES, "SENDING_IDENTITIES")
LOST_SENDER = env.str("LOST_SENDER", "wait")
one_of("wait service-account", LOST_SENDER, "LOST_SENDER")

# Polling: often while Connect is silent, rarely while it works; and by id, for envelopes without news.
DOCUSIGN_POLL_SECONDS = env.int("DOCUSIGN_POLL_SECONDS", 300)
DOCUSIGN_POLL_RARELY_SECONDS = env.int("DOCUSIGN_POLL_RARELY_SECONDS", 1800)
DOCUSIGN_CHECK_SECONDS = env.int("DOCUSIGN_CHECK_SECONDS", 3600)
# How a signer sees the ceremony, where the envelope does not say: redirect, iframe or focused (both by Docusign JS).
CEREMONY_DISPLAY = one_of("redirect iframe focused", env.str("CEREMONY_DISPLAY", "redirect"), "CEREMONY_DISPLAY")
SEND_UNDO_SECONDS = env.int("SEND_UNDO_SECONDS", 10)
SEND_LOOKUP_SECONDS = env.int("SEND_LOOKUP_SECONDS", 120)
DOCUSIGN_TOKEN_RENEW_SECONDS = 15 * 60  # renewed when less than this is left of its hour

# --- Connect (Docusign's webhook) -----------------------------------------------------------------

# The keys that sign its messages; any of them counts, so that a key can be changed without losing one.
DOCUSIGN_CONNECT_KEYS = split_list(file_or_value(env, "DOCUSIGN_CONNECT_KEYS"))
_may_be_reached = PORTAL_IS_HTTPS or _portal_url.hostname in ("127.0.0.1", "::1", "localhost")
# Who asks Docusign for messages: each envelope for its own, one configuration of the account for all, or nobody.
DOCUSIGN_CONNECT = env.str("DOCUSIGN_CONNECT", "envelope" if DOCUSIGN_CONNECT_KEYS and _may_be_reached else "off")
one_of("envelope account off", DOCUSIGN_CONNECT, "DOCUSIGN_CONNECT")
CONNECT_MAX_BYTES = env.int("CONNECT_MAX_MEGABYTES", 5) * 1024 * 1024
CONNECT_KEEP_DAYS = env.int("CONNECT_KEEP_DAYS", 30)

# --- Proof and evidence --------------------------------------------------------------------------

# The Ed25519 key (PEM) that signs proof bundles. Default: one is made, and kept encrypted in the database.
PROOF_PRIVATE_KEY = file_or_value(env, "PROOF_PRIVATE_KEY").replace("\\n", "\n")
VERIFY_MAX_BYTES = env.int("VERIFY_MAX_MEGABYTES", 40) * 1024 * 1024
# Where each day's anchor is told outside of the database: a file it is added to, a mailbox it is sent to.
EVIDENCE_ANCHOR_FILE = env.str("EVIDENCE_ANCHOR_FILE", "")
EVIDENCE_ANCHOR_MAIL = env.str("EVIDENCE_ANCHOR_MAIL", "")

# --- What counts as stuck (the watchdog) ----------------------------------------------------------

WATCH_NEWS_HOURS = env.int("WATCH_NEWS_HOURS", 24)
WATCH_UNOPENED_DAYS = env.int("WATCH_UNOPENED_DAYS", 3)
WATCH_DOCUMENTS_MINUTES = env.int("WATCH_DOCUMENTS_MINUTES", 30)
WATCH_SENDING_MINUTES = env.int("WATCH_SENDING_MINUTES", 15)
WATCH_CONNECT_MINUTES = env.int("WATCH_CONNECT_MINUTES", 30)

# --- Limits -------------------------------------------------------------------------------------

# Docusign takes 35,651,584 bytes a request, and base64 makes files a third larger.
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_MEGABYTES", 25) * 1024 * 1024
ENVELOPE_MAX_BYTES = 26_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # form fields; files do not count
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a hundred signers with many fields each
SIGNER_LINK_DAYS = env.int("SIGNER_LINK_DAYS", 180)

# --- How long things are kept ---------------------------------------------------------------------

# Days after an envelope's end, and after a draft's last change; None = for ever. Templates may have rules of their own.
RETAIN_DAYS = days(env.str("RETAIN_DAYS", ""), "RETAIN_DAYS")
RETAIN_SCOPE = one_of("documents everything", env.str("RETAIN_SCOPE", "documents"), "RETAIN_SCOPE")
# What is asked for at Docusign when a rule has deleted something here; somebody has to approve it.
RETAIN_PURGE = one_of("no documents metadata redact", env.str("RETAIN_PURGE", "no"), "RETAIN_PURGE")
DRAFT_RETAIN_DAYS = days(env.str("DRAFT_RETAIN_DAYS", ""), "DRAFT_RETAIN_DAYS")

# --- Django -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *WAY_IN_APPS,
    "signing",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.organisation",
                "portal.context.docusign",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Readers beside one writer; a writer waits its turn instead of failing half way through.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "portal.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5, "health_check_interval": 30},
        }
    }
else:
    # Shared by all processes and with an atomic add(), which the access token's lock needs.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "portal_cache",
            "OPTIONS": {"MAX_ENTRIES": 50_000},  # beyond it a third is dropped at random, the access token too
        }
    }

LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en")
LOCALE_PATHS = [compiled(BASE_DIR / "locale", DATA_DIR / "locale")]
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    # Documents are private: they have no URL and leave only through views that ask for permission.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "portal.storage.ForgivingManifestStorage"
    },
}

# --- Security -----------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PORTAL_IS_HTTPS
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 31_536_000  # set for who has chosen a language, and for nobody else
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", PORTAL_IS_HTTPS)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if PORTAL_IS_HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PORTAL_IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_HTTPS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whose X-Forwarded-For is believed, when an address is counted against a limit.
TRUSTED_PROXIES = networks(env.str("TRUSTED_PROXIES", ""))
CSRF_FAILURE_VIEW = "signing.views.errors.csrf_failure"

# --- Mail ---------------------------------------------------------------------------------------

# MAIL_PREVIEW shows staff the mails with their links: for demos, where no mail leaves the house.
MAIL_PREVIEW = env.bool("MAIL_PREVIEW", False)
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# A provider's API instead of SMTP, through django-anymail: its own settings are taken as they are named.
EMAIL_BACKEND = env.str("EMAIL_BACKEND", "") or EMAIL_CONFIG["EMAIL_BACKEND"]
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in env.ENVIRON.items() if name.startswith("ANYMAIL_")}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", formataddr((ORGANISATION_NAME, f"signing@{_portal_url.hostname}")))
EMAIL_TIMEOUT = 20
# The signed PDF goes with the last mail, unless it is larger: then by link.
ATTACH_COPY = env.bool("ATTACH_COPY", True)
ATTACH_COPY_MAX_BYTES = env.int("ATTACH_COPY_MAX_MEGABYTES", 7) * 1024 * 1024

# Reminders and expiry: what a new envelope begins with, and when nobody is reminded (hours of TIME_ZONE).
REMINDER_DELAY_DAYS = env.int("REMINDER_DELAY_DAYS", 3)
REMINDER_FREQUENCY_DAYS = env.int("REMINDER_FREQUENCY_DAYS", 7)
EXPIRE_AFTER_DAYS = env.int("EXPIRE_AFTER_DAYS", 120)
EXPIRE_WARN_DAYS = env.int("EXPIRE_WARN_DAYS", 3)
QUIET_HOURS = hours(env.str("QUIET_HOURS", "20-8"))

# --- Celery -------------------------------------------------------------------------------------

# An empty line in the environment means what no line means: Celery itself would look for a RabbitMQ then.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(CELERY_BROKER_URL, DATA_DIR / "queue")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page never waits long for the broker; what could not be rung is found by the sweep.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_step": 0.1}
CELERY_TASK_IGNORE_RESULT = True
# A worker that dies leaves its message unacknowledged. One whose task kills it (memory, time limit) does not get the
# same message again: the sweep finds the row, after its lease, and so no message can kill one worker after another.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_QUEUES, CELERY_TASK_DEFAULT_QUEUE, CELERY_TASK_ROUTES = QUEUES, DEFAULT_QUEUE, ROUTES
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = TICKS

# --- Logging ------------------------------------------------------------------------------------

LOGGING = logging_config(env.str("LOG_LEVEL", "INFO"))

# --- The admin's skin ---------------------------------------------------------------------------

from .unfold import UNFOLD as UNFOLD  # noqa: E402  (reads nothing, kept apart for its length)
