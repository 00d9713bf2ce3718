"""The ceremony's page, and what a signer does there: agree, finish, finish later, decline."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sandbox import clock, faults, fonts, lifecycle
from sandbox.drawing import STROKE_BOX
from sandbox.errors import ApiError
from sandbox.models import RecipientView

from . import answers, freeform, sessions
from .doors import at_the_gate, end, in_session, lost
from .fields import pages_of
from .framing import listeners
from .gate_pages import gate_page
from .gates import next_gate
from .judging import problems as problems_of
from .look import display_in, look_of
from .returning import leave
from .sessions import SessionOverError
from .signatures import initials_of
from .words import direction_of, locale_in, words_in

MAX_REASON = 500
PING_SECONDS = (60, 300, 1200)  # least, default, most (reference 3.1)


@never_cache
@require_GET
def redeem(request: HttpRequest, guid: str) -> HttpResponse:
    """The minted URL: good once. Docusign JS adds how it wants the page to look."""
    try:
        faults.strike("GET", request.path, "before", target="ceremony")
        view = sessions.redeem(guid, display_in(request.GET) | locale_in(request.GET), ip_address(request))
    except RecipientView.DoesNotExist:
        return lost(request)
    except SessionOverError as over:
        return leave(request, over.view, over.event)
    except ApiError:  # ordered; the link is not spent
        struck = RecipientView.objects.select_related("recipient__envelope").filter(guid=guid).first()
        return leave(request, struck, "exception") if struck else lost(request)
    return redirect("ceremony", session_key=view.session_key)


@at_the_gate
@require_GET
def show(request: HttpRequest, view: RecipientView) -> HttpResponse:
    gate = next_gate(view)
    return gate_page(request, view, gate) if gate else ceremony_page(request, view, problems={})


@in_session
@require_POST
def consent(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """To electronic records and signatures; asked once per recipient."""
    recipient = view.recipient
    if request.POST.get("agree") and recipient.disclosure_accepted_at is None and sessions.can_sign(view):
        recipient.disclosure_accepted_at = clock.now()
        recipient.save(update_fields=["disclosure_accepted_at"])
        lifecycle.record(
            recipient.envelope,
            "Accepted disclosure",
            recipient.name,
            f"{recipient.name} agreed to use electronic records and signatures",
            recipient.ip_address,
        )
    return redirect("ceremony", session_key=view.session_key)


@in_session
@require_POST
def finish(request: HttpRequest, view: RecipientView) -> HttpResponseBase:
    """Everything required is there → signed. Otherwise the page again, saying what is missing where."""
    recipient = view.recipient
    if sessions.can_forward(view):
        lifecycle.complete_by(recipient)
    if not sessions.can_sign(view):
        return end(request, view, "viewing_complete")
    if recipient.disclosure_accepted_at is None:
        return redirect("ceremony", session_key=view.session_key)
    refused = answers.keep(recipient, request.POST, request.FILES)
    problems = problems_of(recipient, may_only_agree=look_of(view.display).is_focused) | refused
    if problems:
        return ceremony_page(request, view, problems=problems, status=422)
    answers.close(recipient)
    lifecycle.complete_by(recipient)
    return end(request, view, "signing_complete")


@in_session
@require_POST
def later(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """Finish later: what is filled in is kept."""
    if not sessions.can_sign(view):
        return end(request, view, "viewing_complete")
    if view.recipient.disclosure_accepted_at is not None:
        answers.keep(view.recipient, request.POST, request.FILES)
    lifecycle.postpone(view.recipient)
    return end(request, view, "cancel")


@in_session
@require_POST
def decline(request: HttpRequest, view: RecipientView) -> HttpResponse:
    if not sessions.can_sign(view):
        return end(request, view, "viewing_complete")
    reason = request.POST.get("reason", "").strip()[:MAX_REASON]
    if not reason:
        return ceremony_page(request, view, problems={"page": "Please give a reason."}, status=422)
    lifecycle.decline_by(view.recipient, reason)
    return end(request, view, "decline")


@in_session
@require_GET
def alive(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """The page tells from time to time that its signer is still busy there."""
    return HttpResponse(status=204)


def ceremony_page(
    request: HttpRequest, view: RecipientView, *, problems: dict[str, str], status: int = 200
) -> HttpResponse:
    recipient, envelope = view.recipient, view.recipient.envelope
    may_sign = sessions.can_sign(view)
    may_fill = may_sign and recipient.disclosure_accepted_at is not None
    look = look_of(view.display)
    language = view.display.get("locale", "en")
    context = {
        "view": view,
        "recipient": recipient,
        "envelope": envelope,
        "look": look,
        "language": language,
        "direction": direction_of(language),
        "words": words_in(language),
        "pages": pages_of(view, may_fill=may_fill or view.is_preview, problems=problems),
        "may_sign": may_sign,
        "may_fill": may_fill,
        "may_forward": sessions.can_forward(view),
        "may_reassign": sessions.can_reassign(view),
        "may_use_paper": sessions.can_use_paper(view),
        "offers": _offers(view) if may_fill else [],
        "problems": problems,
        "problem": next((problems[key] for key in ("page", "signature", "place") if key in problems), ""),
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
        "ping": _ping(view),
        "listeners": listeners(request, view),
        **_signature(view),
    }
    return render(request, "sandbox/ceremony.html", context, status=status)


def ip_address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _offers(view: RecipientView) -> list[freeform.Offer]:
    """What a free-form signer may place. In focused display they only agree (Click to Agree, reference 3.4)."""
    is_wanted = not look_of(view.display).is_focused and freeform.is_free_form(view.recipient)
    return freeform.offers(view.recipient) if is_wanted else []


def _signature(view: RecipientView) -> dict[str, Any]:
    """What is adopted, or what to suggest; and the pad to draw it on."""
    name = view.recipient.name
    signature = view.recipient.signature
    suggested = {"name": name, "initials": initials_of(name), "style": next(iter(fonts.HANDWRITING))}
    return {
        "signature": signature or suggested,
        "has_signature": bool(signature),
        "strokes_json": json.dumps(signature.get("strokes") or [], separators=(",", ":")),
        "styles": fonts.HANDWRITING,
        "pad": {"width": STROKE_BOX[0], "height": STROKE_BOX[1]},
    }


def _ping(view: RecipientView) -> dict[str, Any]:
    """The sender's own session is kept alive by a call of theirs now and then."""
    least, default, most = PING_SECONDS
    text = str(view.options.get("pingFrequency") or "")
    seconds = int(text) if text.isdecimal() and len(text) < 6 else default
    return {"url": str(view.options.get("pingUrl") or ""), "seconds": min(max(seconds, least), most)}
