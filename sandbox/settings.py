"""The sandbox's own Django settings. SANDBOX_DATA names the data folder; there is nothing else to set."""

import os
import secrets
from pathlib import Path

from sandbox import fonts

BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = Path(os.environ.get("SANDBOX_DATA") or BASE_DIR.parent / "var" / "sandbox").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(50)  # guards the consent form only; a restart may forget it
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "sandbox.urls"
INSTALLED_APPS = ["django.contrib.staticfiles", "sandbox"]
MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "sandbox.disturbance.disturbance",
    "sandbox.rest.admission.forget_after_changes",
]
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "sandbox.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # 6 MB of pages a connection: the upper floors of every index stay in memory, so reads do not slow down.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-6000;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = DATA_DIR / "files"

# A request of Docusign's is at most 35,651,584 bytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 35_651_584
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STATICFILES_DIRS = [(f"fonts/{name}", str(fonts.path_of(font).parent)) for name, font in fonts.WEB_FOLDERS.items()]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {
        # Refused calls, and failures that somebody ordered, are this program's daily bread; what it did not mean to
        # do comes with a traceback.
        "unmeant": {"()": "django.utils.log.CallbackFilter", "callback": lambda record: record.exc_info is not None},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
        "unmeant": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["unmeant"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR", "handlers": ["unmeant"], "propagate": False},
        "fontTools": {"level": "ERROR"},
    },
}

# Behaviour that the documentation leaves open; the stricter reading is the default.
ACCEPT_ANY_LOCAL_REDIRECT_URI = True
ANCHORS_MATCH_WHOLE_WORDS = False  # where a tab does not say; older documentation has it true
TRANSACTION_ID_IS_UNIQUE = False  # a second create with the same transactionId makes a second envelope
API_NEEDS_THE_SCOPE_SIGNATURE = True  # of access tokens; which error says so is not documented (reference 5.3)
# Administrators list, read and change what others of the account have sent. Documented is only access that was shared,
# and account-wide access of older applications (reference 1.7); off, the sender's own token alone will do.
ADMINISTRATORS_ACT_FOR_EVERY_SENDER = True
ACCESS_TOKEN_SECONDS = 3600
CODE_GRANT_TOKEN_SECONDS = 8 * 3600
AUTHORIZATION_CODE_SECONDS = 120
# Clients write `exp` by their own clock, which does not travel with ours: judged by ours, no client could ask for an
# access token any more once the sandbox is an hour ahead.
ASSERTIONS_FOLLOW_THE_SANDBOX_CLOCK = False
RECIPIENT_VIEW_SECONDS = 300
SESSION_IDLE_SECONDS = 20 * 60
ACCESS_CODE_ATTEMPTS = 3
HOURLY_LIMIT = 3000  # Docusign's default
BURST_LIMIT = 200  # per 30 seconds, as in its demo environment; 500 in production
# Reads and writes of one envelope are counted apart; the figures are not published (reference 4.5).
ENVELOPE_HOURLY_LIMIT = 250
ENVELOPE_BURST_LIMIT = 60
ENDED_ENVELOPES_CAN_BE_VIEWED = False  # by a recipient view, once declined or voided (reference 3.3)

# Connect (reference 4.4).
CONNECT_ACKNOWLEDGE_SECONDS = 100  # real ones: how long a listener may take to answer
CONNECT_RETRIES_DAILY = False  # otherwise backing off, from 15 seconds on, for seven days
CONNECT_RETRY_COUNT_GROWS = True  # in the body; otherwise every attempt sends the very same bytes
CONNECT_REQUIRES_HTTPS = True  # of listeners that are not on this very machine
CONNECT_VERIFIES_TLS = True  # the listener's certificate
LOOKUP_LAG_SECONDS = 0  # how long a new envelope cannot yet be found by its transaction id or custom fields
BULK_COPIES_PER_SECOND = 20  # how fast a queued bulk send drips
CONTROL_DOOR = os.environ.get("SANDBOX_CONTROL_DOOR", "1") == "1"  # /_sandbox/ and the console
