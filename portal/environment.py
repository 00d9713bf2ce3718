"""How settings are read where one line does not do."""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
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


def pairs(text: str, name: str) -> list[tuple[str, str]]:
    """`theirs=ours, other=Other of ours`, in order; one of theirs may stand for several."""
    found = [tuple(part.strip() for part in value.rpartition("=")[::2]) for value in split_list(text)]
    if not all(left and right for left, right in found):
        raise ImproperlyConfigured(f"{name} must look like theirs=ours, other=Other.")
    return [(left, right) for left, right in found]


def one_of(words: str, value: str, name: str) -> str:
    """The value, if it is one of these words."""
    if value not in words.split():
        raise ImproperlyConfigured(f"{name} must be one of: {', '.join(words.split())}.")
    return value


def colour(text: str) -> str:
    """A colour as `#rrggbb` in small letters; empty stays empty."""
    if text and not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ImproperlyConfigured("ORGANISATION_COLOUR must look like #1d4fa3.")
    return text.lower()


def days(text: str, name: str) -> int | None:
    """A number of days, at least one; nothing means for ever."""
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise ImproperlyConfigured(f"{name} must be a number of days, at least 1, or empty")
    return int(text)


def hours(text: str) -> tuple[int, int] | None:
    """`20-8` as (20, 8): from eight in the evening to eight in the morning. Empty = none."""
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text)
    if match is None or not all(int(hour) < 24 for hour in match.groups()):
        raise ImproperlyConfigured("QUIET_HOURS must look like 20-8.")
    return int(match[1]), int(match[2])


def networks(text: str) -> list[IPv4Network | IPv6Network]:
    """Addresses and networks between commas."""
    try:
        return [ip_network(value) for value in split_list(text)]
    except ValueError as error:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES must look like 10.0.0.0/8, ::1 ({error}).") from error
