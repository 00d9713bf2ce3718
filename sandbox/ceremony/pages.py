"""The ceremony's addresses. The session key in the path is the signer's ticket; no cookie is needed."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from sandbox import clock, completion, fonts, lifecycle
from sandbox.drawing import join
from sandbox.models import Document, RecipientView

from . import answers, sessions
from .fields import PAD_HEIGHT, PAD_WIDTH, pages_of
from .images import page_image as draw_page_image
from .sessions import SessionOverError

MAX_REASON = 500
IMAGE_CACHE_SECONDS = 3600

Page = Callable[..., HttpResponseBase]


def in_session(page: Page) -> Page:
    """Gives the page its live RecipientView; otherwise the browser goes where a dead session goes."""

    @csrf_exempt
    @wraps(page)
    def wrapper(request: HttpRequest, session_key: str, **values: Any) -> HttpResponseBase:
        if request.method != "POST":
            return _answer(request, session_key, values)
        # What is judged must still hold when it is written: a void or a second tab may come between.
        with transaction.atomic():
            return _answer(request, session_key, values)

    def _answer(request: HttpRequest, session_key: str, values: dict[str, Any]) -> HttpResponseBase:
        try:
            view = sessions.current(session_key)
        except RecipientView.DoesNotExist:
            return _lost(request)
        except SessionOverError as over:
            return sessions.to_return_url(over.view, over.event)
        response = page(request, view, **values)
        response["Content-Security-Policy"] = _policy(view)
        return response

    return wrapper


@never_cache
@require_GET
def redeem(request: HttpRequest, guid: str) -> HttpResponse:
    try:
        view = sessions.redeem(guid, request)
    except RecipientView.DoesNotExist:
        return _lost(request)
    except SessionOverError as over:
        return sessions.to_return_url(over.view, over.event)
    return redirect("ceremony", session_key=view.session_key)


@in_session
@never_cache
@require_GET
def show(request: HttpRequest, view: RecipientView) -> HttpResponse:
    return _page(request, view, problems={})


@in_session
@require_POST
def consent(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """To electronic records and signatures; asked once per recipient."""
    recipient = view.recipient
    if request.POST.get("agree") and recipient.disclosure_accepted_at is None:
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
    if not sessions.can_sign(view):
        return sessions.end(view, "viewing_complete")
    recipient = view.recipient
    if recipient.disclosure_accepted_at is None:
        return redirect("ceremony", session_key=view.session_key)
    answers.keep(recipient, request.POST)
    problems = answers.problems(recipient)
    if not problems:
        answers.fill_dates(recipient)
        lifecycle.complete_by(recipient)
        return sessions.end(view, "signing_complete")
    return _page(request, view, problems=problems, status=422)


@in_session
@require_POST
def later(request: HttpRequest, view: RecipientView) -> HttpResponseRedirect:
    """Finish later: what is filled in is kept."""
    if not sessions.can_sign(view):
        return sessions.end(view, "viewing_complete")
    if view.recipient.disclosure_accepted_at is not None:
        answers.keep(view.recipient, request.POST)
        lifecycle.touch(view.recipient.envelope)
    return sessions.end(view, "cancel")


@in_session
@require_POST
def decline(request: HttpRequest, view: RecipientView) -> HttpResponse:
    if not sessions.can_sign(view):
        return sessions.end(view, "viewing_complete")
    reason = request.POST.get("reason", "").strip()[:MAX_REASON]
    if not reason:
        return _page(request, view, problems={"decline": "Please give a reason."}, status=422)
    lifecycle.decline_by(view.recipient, reason)
    return sessions.end(view, "decline")


@in_session
@require_GET
def document(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """All documents as they stand, to read or keep."""
    envelope = view.recipient.envelope
    content = join([completion.current(item) for item in envelope.documents.all()])
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="documents.pdf"'
    return response


@in_session
@require_GET
def page_image(request: HttpRequest, view: RecipientView, document_id: int, page: int) -> HttpResponse:
    item = Document.objects.filter(envelope=view.recipient.envelope, document_id=document_id).first()
    if item is None or not 1 <= page <= len(item.page_sizes):
        raise Http404
    response = HttpResponse(draw_page_image(item, page), content_type="image/webp")
    response["Cache-Control"] = f"private, max-age={IMAGE_CACHE_SECONDS}"
    return response


def _page(request: HttpRequest, view: RecipientView, *, problems: dict[str, str], status: int = 200) -> HttpResponse:
    recipient = view.recipient
    may_sign = sessions.can_sign(view)
    has_consented = recipient.disclosure_accepted_at is not None
    initials = "".join(word[0] for word in recipient.name.split()[:3]).upper()
    context = {
        "view": view,
        "recipient": recipient,
        "envelope": recipient.envelope,
        "pages": pages_of(view, may_fill=may_sign and has_consented, problems=problems),
        "may_sign": may_sign,
        "needs_consent": may_sign and not has_consented,
        "problems": problems,
        "signature": recipient.signature or {"name": recipient.name, "initials": initials[:10], "style": "caveat"},
        "has_signature": bool(recipient.signature),
        "strokes_json": json.dumps(recipient.signature.get("strokes") or [], separators=(",", ":")),
        "styles": fonts.HANDWRITING,
        "pad": {"width": PAD_WIDTH, "height": PAD_HEIGHT},
    }
    return render(request, "sandbox/ceremony.html", context, status=status)


def _policy(view: RecipientView) -> str:
    """No other origins; framed only by those the recipient view named."""
    ancestors = " ".join(["'self'", *view.frame_ancestors]) if view.frame_ancestors else "'none'"
    return (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; "
        f"frame-ancestors {ancestors}"
    )


def _lost(request: HttpRequest) -> HttpResponse:
    return render(request, "sandbox/refused.html", {"reason": "This signing page does not exist."}, status=404)
