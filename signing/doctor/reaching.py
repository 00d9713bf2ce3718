"""Checks of the way to us: the portal's own address, and Connect's messages there and back.

A test message takes the very way of Docusign's: posted to our public address, signed, stored. Then it is taken away
again, so that nobody takes it for a sign of life of Connect.
"""

import base64
import hmac
import json
import secrets
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from signing import connect_messages
from signing.docusign.connect import SIGNATURE_HEADER_PREFIX, parse_message
from signing.docusign.probing import DEMO, PRODUCTION
from signing.payloads import connect_url

from .findings import Finding, failed, ok, skipped, warning
from .patient import Patient

TIMEOUT_SECONDS = (5, 15)
TEST_EVENT = "portal-doctor"


def address(patient: Patient) -> Finding:
    url = settings.PORTAL_BASE_URL
    try:
        response = patient.session.get(f"{url}/healthz", timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        return _unreachable(url, error)
    told = {"url": url, "status": response.status_code}
    if response.is_redirect:
        told["to"] = response.headers.get("Location", "")
        remedy = _("Set PORTAL_BASE_URL to where it leads; behind a proxy that ends TLS also BEHIND_HTTPS_PROXY=1.")
        return failed(_("%(url)s does not answer itself, it redirects to %(to)s.") % told, remedy)
    if response.status_code != 200 or "database" not in response.text:
        remedy = _("Let it lead to this portal, and name its host in ALLOWED_HOSTS.")
        return failed(_("At %(url)s somebody else answers (%(status)s), not this portal.") % told, remedy)
    if urlsplit(url).scheme != "https" and settings.DOCUSIGN_OAUTH_BASE_URL in (DEMO, PRODUCTION):
        remedy = _("Put it behind https and set PORTAL_BASE_URL=https://…: links are secrets, and Connect needs it.")
        return warning(_("%(url)s is not https.") % told, remedy)
    return ok(_("%(url)s leads to this portal.") % told)


def connect(patient: Patient) -> Finding:
    keys = settings.DOCUSIGN_CONNECT_KEYS
    if settings.DOCUSIGN_CONNECT == "off":
        remedy = _("To hear of news at once: make a Connect key at Docusign, set DOCUSIGN_CONNECT_KEYS, serve https.")
        return skipped(_("Connect is off: news comes by polling, minutes late."), remedy)
    if not keys:
        remedy = _("At Docusign, in Settings, Connect, Connect Keys, make a key and set DOCUSIGN_CONNECT_KEYS to it.")
        return failed(_("Connect is on, but without a key every message is refused."), remedy)
    if urlsplit(settings.PORTAL_BASE_URL).scheme != "https" and settings.DOCUSIGN_OAUTH_BASE_URL in (DEMO, PRODUCTION):
        remedy = _("Serve the portal over https, with a certificate that browsers trust; or set DOCUSIGN_CONNECT=off.")
        return failed(_("Docusign posts Connect messages to https addresses alone."), remedy)
    if address(patient).status == "failed":
        return skipped(_("Cannot be told yet: the portal's address must be mended first."))
    for number, key in enumerate(keys, start=1):
        if wrong := _deliver(patient, key, number):
            return wrong
    return _refuses_strangers(patient) or _heard(len(keys))


def _deliver(patient: Patient, key: str, number: int) -> Finding | None:
    """A message signed by this key must be taken and stored. None when it was."""
    body = _message()
    try:
        response = _post(patient, body, key)
        is_stored = connect_messages.forget(parse_message(body).digest)
    except requests.RequestException as error:
        return _unreachable(connect_url(), error)
    told = {"number": number, "status": response.status_code, "url": connect_url()}
    if response.status_code == 401:
        remedy = _("Restart all web processes: they were started with other DOCUSIGN_CONNECT_KEYS than this one.")
        return failed(_("A test message signed by key %(number)s was refused by our own address.") % told, remedy)
    if response.status_code != 200 or not is_stored:
        remedy = _("Let the proxy pass POST requests to %(url)s on unchanged, without a log-in of its own.") % told
        return failed(_("A test message to %(url)s did not arrive: the answer was %(status)s.") % told, remedy)
    return None


def _refuses_strangers(patient: Patient) -> Finding | None:
    """One signed by nobody's key must be refused."""
    body = _message()
    response = _post(patient, body, secrets.token_urlsafe(32))
    is_stored = connect_messages.forget(parse_message(body).digest)
    if response.status_code == 401 and not is_stored:
        return None
    remedy = _("Something in front of the portal answers in its place: let it pass POST requests on unchanged.")
    return failed(_("A test message with a wrong signature was not refused."), remedy)


def _heard(keys: int) -> Finding:
    facts = {_("Address"): connect_url()}
    if last := connect_messages.last_received_at():
        facts[_("Last message of Docusign's")] = f"{timezone.localtime(last):%Y-%m-%d %H:%M}"
    sentence = _("A test message arrived by each key (%(keys)s), and one with a wrong signature was refused.")
    return ok(sentence % {"keys": keys}, **facts)


def _message() -> bytes:
    return json.dumps(
        {
            "event": TEST_EVENT,
            "apiVersion": "v2.1",
            "uri": f"/doctor/{secrets.token_hex(16)}",  # no two are the same
            "retryCount": 0,
            "generatedDateTime": timezone.now().isoformat(),
            "data": {},
        }
    ).encode()


def _post(patient: Patient, body: bytes, key: str) -> requests.Response:
    signature = base64.b64encode(hmac.digest(key.encode(), body, "sha256")).decode()
    headers = {"Content-Type": "application/json", f"{SIGNATURE_HEADER_PREFIX}1": signature}
    return patient.session.post(
        connect_url(), data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
    )


def _unreachable(url: str, error: requests.RequestException) -> Finding:
    if isinstance(error, requests.exceptions.SSLError):
        remedy = _("Install a certificate of a known authority, with its whole chain.")
        return failed(_("The certificate of %(url)s is not trusted.") % {"url": url}, remedy)
    remedy = _(
        "Correct PORTAL_BASE_URL, DNS or the proxy. Where a network lets no server reach its own public address, look "
        "from outside instead."
    )
    told = {"url": url, "why": type(error).__name__}
    return failed(_("This server cannot reach %(url)s (%(why)s).") % told, remedy)
