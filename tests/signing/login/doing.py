"""What people do at the way in, by HTTP; and the code that an authenticator app would show."""

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

from django.test import Client as Browser

from signing.models import EnvelopeEvent

LOGIN = "/admin/login/"
SECURITY = "/account/security/"
PASSWORD = "pass"


def log_in(browser: Browser, username: str = "dana", password: str = PASSWORD, **more: Any) -> Any:
    return browser.post(LOGIN, {"login": username, "password": password, **more.pop("fields", {})}, **more)


def is_in(browser: Browser) -> bool:
    return bool(browser.get("/admin/").status_code == 200)


def shown_code(secret: str, at: float | None = None) -> str:
    """RFC 6238, as any app computes it: SHA-1, 30 seconds, six digits."""
    counter = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def set_up_app(browser: Browser) -> str:
    """Scan, enter the code; the secret that the app keeps from now on."""
    page = browser.get(f"{SECURITY}app/").content.decode()
    match = re.search(r'sp-login-secret">([A-Z2-7]+)<', page)
    assert match, page
    response = browser.post(f"{SECURITY}app/", {"code": shown_code(match[1])})
    assert response.status_code == 302, response.content.decode()
    return match[1]


def recovery_codes(browser: Browser) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", browser.get(f"{SECURITY}recovery-codes/").content.decode())


def recorded(*kinds: str) -> list[EnvelopeEvent]:
    """Oldest first."""
    return list(EnvelopeEvent.objects.filter(envelope=None, kind__in=kinds).order_by("id"))
