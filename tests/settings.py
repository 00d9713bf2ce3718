"""The portal's settings for tests: the same file, with an environment of its own."""

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="signing-portal-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("DOCUSIGN_")]:
    del os.environ[_name]
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if _worker and os.environ.get("REDIS_URL"):
    # Tests empty the cache: each of several test processes has a Redis database of its own.
    _redis, _, _number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{_redis}/{int(_number) + 1 + int(_worker.removeprefix('gw'))}"
os.environ |= {
    "DATA_DIR": _data_dir,
    "DEBUG": "0",
    "SECRET_KEY": "tests-only-" + "x" * 50,
    "PORTAL_BASE_URL": "http://portal.test",
    "ALLOWED_HOSTS": "testserver,portal.test,localhost",
    "ORGANISATION_NAME": "Northwind Consulting",
    "SEND_UNDO_SECONDS": "0",
    "CELERY_BROKER_URL": "filesystem://",  # no worker listens: tests look at what lies in the folder
}

from portal.settings import *  # noqa: E402, F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in life: the database in memory has no WAL and other locks.
    DATABASES["default"]["TEST"] = {"NAME": f"{_data_dir}/tests.sqlite3"}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405
    # No collectstatic before tests.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
