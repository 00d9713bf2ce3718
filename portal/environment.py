"""How settings are read where one line does not do."""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key


def file_or_value(env: environ.Env, name: str) -> str:
    """The value of NAME, or the contents of the file named by NAME_FILE (which must then be readable)."""
    value = str(env.str(name, "", multiline=True))
    if value:
        return value
    path = env.str(f"{name}_FILE", "")
    if not path:
        return ""
    try:
        return Path(path).read_text()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: cannot read {path} ({error.strerror}).") from error


def secret_key(env: environ.Env, data_dir: Path) -> str:
    """SECRET_KEY or SECRET_KEY_FILE; where neither is set, a key made once and kept in the data folder.

    Never a fixed fallback: each installation has its own key, and signer links hang on it.
    """
    value = file_or_value(env, "SECRET_KEY").strip()
    if value:
        return value
    path = data_dir / "secret-key"
    try:
        # Exclusive creation: of several processes starting at once, one makes the key and the others read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        key = get_random_secret_key()
        file.write(key)
    return key


def split_list(text: str) -> list[str]:
    """The values between commas or line breaks, without the space around them."""
    return [value.strip() for value in text.replace("\n", ",").split(",") if value.strip()]
