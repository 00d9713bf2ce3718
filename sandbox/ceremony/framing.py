"""Who may frame the ceremony, and whom it speaks to there (reference 3.1, 3.4)."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase

from sandbox.addresses import base_url, origin_of
from sandbox.models import RecipientView

# Where Docusign's own signing pages live; `messageOrigins` names one of them, or the sandbox.
SIGNING_APPS = frozenset({"https://apps-d.docusign.com", "https://apps.docusign.com"})

Response = TypeVar("Response", bound=HttpResponseBase)


def protect(response: Response, view: RecipientView) -> Response:
    """Nothing of other origins; framed only by those whom the recipient view named."""
    ancestors, legacy = _ancestors(view)
    ping = ping_origin(view)
    response["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; "
        f"connect-src 'self'{' ' + ping if ping else ''}; frame-ancestors {ancestors}"
    )
    if legacy:
        response["X-Frame-Options"] = legacy
    return response


def _ancestors(view: RecipientView) -> tuple[str, str]:
    """The sources for CSP, and the older header where it can say the same."""
    if view.frame_ancestors:
        return " ".join(["'self'", *view.frame_ancestors]), ""
    legacy = str(view.options.get("xFrameOptions") or "").lower()
    allowed = origin_of(str(view.options.get("xFrameOptionsAllowFromUrl") or ""))
    if legacy == "allow_from" and allowed:
        return allowed, ""
    return ("'self'", "SAMEORIGIN") if legacy == "same_origin" else ("'none'", "DENY")


def listeners(request: HttpRequest, view: RecipientView) -> list[str]:
    """Origins that a page in a frame may tell what happens: none, unless `messageOrigins` names the signing app."""
    named = view.options.get("messageOrigins") or []
    if not SIGNING_APPS.union({base_url(request)}).intersection(named):
        return []
    return list(view.frame_ancestors)


def ping_origin(view: RecipientView) -> str:
    return origin_of(str(view.options.get("pingUrl") or ""))
