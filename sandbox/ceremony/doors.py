"""The way into a page of a session: its row, one transaction, faults to order, the right to be framed."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from sandbox import faults
from sandbox.errors import ApiError
from sandbox.models import RecipientView

from . import sessions
from .framing import protect
from .gates import next_gate
from .returning import leave
from .sessions import SessionOverError

logger = logging.getLogger(__name__)

Page = Callable[..., HttpResponseBase]


def in_session(page: Page) -> Page:
    """Gives the page its live RecipientView, past all gates; otherwise the browser goes where a dead session goes.

    The session key in the path is the signer's ticket: no cookie is needed, not even in a frame.
    """
    return never_cache(_door(page, waits_at_gates=True))


def at_the_gate(page: Page) -> Page:
    """As `in_session`, for the pages at which a gate is passed."""
    return never_cache(_door(page, waits_at_gates=False))


def for_file(page: Page) -> Page:
    """As `in_session`, for pictures and downloads: may be cached, and no fault strikes."""
    return _door(page, waits_at_gates=True, strikes=False)


def _door(page: Page, *, waits_at_gates: bool, strikes: bool = True) -> Page:
    @csrf_exempt
    @wraps(page)
    def door(request: HttpRequest, session_key: str, **values: Any) -> HttpResponseBase:
        try:
            if strikes:
                faults.strike(request.method or "", request.path, "before", target="ceremony")
            response = _answer(request, session_key, values)
            if strikes:
                faults.strike(request.method or "", request.path, "after", target="ceremony")
        except RecipientView.DoesNotExist:
            return lost(request)
        except Http404:
            raise
        except Exception as error:
            if not isinstance(error, ApiError):
                logger.exception("%s %s", request.method, request.path)
            views = RecipientView.objects.select_related("recipient__envelope")
            return break_off(request, views.filter(session_key=session_key).first())
        return response

    def _answer(request: HttpRequest, session_key: str, values: dict[str, Any]) -> HttpResponseBase:
        if request.method != "POST":
            return _page(request, session_key, values)
        # What is judged must still hold when it is written: a void or a second tab may come between.
        with transaction.atomic():
            return _page(request, session_key, values)

    def _page(request: HttpRequest, session_key: str, values: dict[str, Any]) -> HttpResponseBase:
        try:
            view = sessions.current(session_key)
        except SessionOverError as over:
            return leave(request, over.view, over.event)
        if waits_at_gates and next_gate(view):
            return redirect("ceremony", session_key=session_key)
        return protect(page(request, view, **values), view)

    return door


def end(request: HttpRequest, view: RecipientView, event: str) -> HttpResponse:
    """The session is over, for the reason that `event` names."""
    sessions.end(view, event)
    return leave(request, view, event)


def break_off(request: HttpRequest, view: RecipientView | None) -> HttpResponse:
    """Our own fault, or one that was ordered: event `exception`, even where the work was done just before."""
    if view is None:
        return lost(request)
    if not view.ended_event:
        sessions.end(view, "exception")
    return leave(request, view, "exception")


def lost(request: HttpRequest) -> HttpResponse:
    return render(request, "sandbox/refused.html", {"reason": "This signing page does not exist."}, status=404)
