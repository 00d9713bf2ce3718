"""Where the browser goes when a session is over (reference 3.1, 3.2, 3.5)."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from sandbox.addresses import runs_script
from sandbox.models import RecipientView

from .framing import listeners, protect

# event → the property of `clientURLs` that names another address for it
CLIENT_URLS = {
    "signing_complete": "onSigningComplete",
    "cancel": "onCancel",
    "decline": "onDecline",
    "exception": "onException",
    "fax_pending": "onFaxPending",
    "id_check_failed": "onIdCheckFailed",
    "session_timeout": "onSessionTimeout",
    "ttl_expired": "onTTLExpired",
    "viewing_complete": "onViewingComplete",
    "access_code_failed": "onAccessCodeFailed",
}
# event → heading and sentence of the sandbox's own last page, for who came from an email or sits in a frame
FAREWELLS = {
    "signing_complete": ("You’re done", "Thank you. Your part is signed; everyone gets a copy once all have signed."),
    "cancel": ("Saved for later", "Open the link in your email again whenever you are ready."),
    "decline": ("You have declined", "The sender is told, and your reason with it."),
    "exception": ("Something went wrong", "Nothing is lost. Please open the link again in a moment."),
    "fax_pending": ("Waiting for paper", "The sender is told that you sign on paper."),
    "id_check_failed": ("We could not verify you", "The sender is told. Please ask them to send it again."),
    "session_timeout": (
        "You were away for a while",
        "To be safe the page was closed. Please open the link again.",
    ),
    "ttl_expired": ("This link has been used", "Please open the link in your email again."),
    "viewing_complete": ("All read", "You can close this page now."),
    "access_code_failed": ("Wrong access code", "It was wrong too often. The sender is told."),
}


def leave(request: HttpRequest, view: RecipientView, event: str) -> HttpResponse:
    """To the return URL; or, opened from an email or by Docusign JS, to a last page of our own."""
    address = return_address(view, event)
    if address and "displayFormat" not in view.display and not runs_script(address):
        return _Redirect(address, status=303)
    heading, sentence = FAREWELLS.get(event, FAREWELLS["viewing_complete"])
    context = {
        "event": event,
        "heading": heading,
        "sentence": sentence,
        "return_address": address,
        "listeners": listeners(request, view),
    }
    return protect(render(request, "sandbox/ended.html", context), view)


def return_address(view: RecipientView, event: str) -> str:
    """`?event=` or `&event=`, before any fragment; or the one that `clientURLs` has for this event, as it stands."""
    own = (view.options.get("clientURLs") or {}).get(CLIENT_URLS.get(event, ""))
    if own:
        return str(own)
    if not view.return_url:
        return ""
    address, hash_sign, fragment = view.return_url.partition("#")
    separator = "&" if "?" in address else "?"
    return f"{address}{separator}event={event}{hash_sign}{fragment}"


class _Redirect(HttpResponseRedirect):
    """Return URLs may have an app's own scheme."""

    def __init__(self, redirect_to: str, *, status: int) -> None:
        self.allowed_schemes = ["http", "https", urlsplit(redirect_to).scheme]
        super().__init__(redirect_to, status=status)
