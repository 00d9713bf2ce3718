"""The sandbox's own Django settings. SANDBOX_DATA names the data folder; there is nothing else to set."""

import os
import secrets
from pathlib import Path

import fontpkg_caveat
import fontpkg_dancing_script
import fontpkg_noto_sans

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
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;",
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
FONT_DIRS = {
    "noto-sans": Path(fontpkg_noto_sans.__file__).parent / "files",
    "caveat": Path(fontpkg_caveat.__file__).parent / "files",
    "dancing-script": Path(fontpkg_dancing_script.__file__).parent / "files",
}
STATICFILES_DIRS = [(f"fonts/{name}", str(path)) for name, path in FONT_DIRS.items()]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},  # refused calls are this program's daily bread
        "fontTools": {"level": "ERROR"},
    },
}

# Behaviour that the documentation leaves open; the stricter reading is the default.
ACCEPT_ANY_LOCAL_REDIRECT_URI = True
TRANSACTION_ID_IS_UNIQUE = False  # a second create with the same transactionId makes a second envelope
ACCESS_TOKEN_SECONDS = 3600
RECIPIENT_VIEW_SECONDS = 300
SESSION_IDLE_SECONDS = 20 * 60
HOURLY_LIMIT = 3000  # Docusign's default
BURST_LIMIT = 200  # per 30 seconds, as in its demo environment; 500 in production
