"""Web addresses: our own as the caller knows us, and those that callers give us."""

import re
from urllib.parse import urlsplit

from django.http import HttpRequest

ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?")
SCRIPT_SCHEMES = frozenset({"javascript", "data", "vbscript"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def base_url(request: HttpRequest) -> str:
    """Of the host that was asked, whatever its name."""
    return f"{request.scheme}://{request.get_host()}"


def origin_of(address: str) -> str:
    """`https://host:port`, or nothing for what is no web address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin if ORIGIN.fullmatch(origin) else ""


def may_frame(origin: str) -> bool:
    """Scheme and host only, https but for this machine (reference 3.1): it ends up in a header."""
    if not ORIGIN.fullmatch(origin):
        return False
    return origin.startswith("https://") or urlsplit(origin).hostname in LOOPBACK


def runs_script(address: str) -> bool:
    """Such an address, followed, would act as this site; so would, for a reader less strict, one that is none."""
    try:
        return urlsplit(address).scheme in SCRIPT_SCHEMES
    except ValueError:
        return True
