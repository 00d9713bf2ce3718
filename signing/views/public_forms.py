"""Self-service forms: the page anyone may open, the code where one is asked for, and on to the visitor's own link.

No GET changes anything, so mail scanners and link previews begin nothing. Nothing needs Django's CSRF token: whoever
posts says themselves who they are, and the one cookie does not come along from other sites.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from signing import form_codes, public_forms, tasks
from signing.codes import CODE_DIGITS
from signing.forms.entry import EntryForm
from signing.limits import CODES_SENT, FORM_CODES_TO_ONE, FORMS_BEGUN, WRONG_CODES
from signing.links import Link, link_token_of
from signing.models import FormEntry, LinkState, PublicForm
from signing.notifications import CODE_VALID_FOR
from signing.public_forms import FormState, Outcome, Step, Visitor
from signing.verification import WrongCodeError

from .addresses import client_address
from .entering import what_is_wrong
from .kept_entries import keep_entry, kept_entry
from .policy import policy
from .proofs import keep_proof

Page = Callable[..., HttpResponseBase]


def of_form(page: Page) -> Page:
    """`page` gets the form behind the address, and speaks its language."""

    @login_not_required
    @never_cache
    @wraps(page)
    def opened(request: HttpRequest, slug: str, **rest: Any) -> HttpResponseBase:
        rows = PublicForm.objects.select_related("template__content", "created_by")
        form = rows.filter(slug=slug).first()
        if form is None:
            return render(request, "signing/forms/unknown.html", status=404)
        with translation.override(form.language or translation.get_language()):
            return page(request, form, **rest)

    return opened


@csrf_exempt
@of_form
@require_http_methods(["GET", "HEAD", "POST"])
def public_form(request: HttpRequest, form: PublicForm) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, form)
    entry_form = EntryForm(request.POST, public_form=form)
    address = client_address(request)
    if FORMS_BEGUN.is_reached(address):
        return _form_page(request, form, entry_form, problem=_too_many(), status=429)
    if not entry_form.is_valid():
        return _form_page(request, form, entry_form, status=422)
    FORMS_BEGUN.count(address)
    visitor = entry_form.visitor(translation.get_language() or "")
    if form.verify_email:
        return _ask_for_code(request, form, entry_form, visitor)
    return _go_on(request, form, public_forms.begin(form, visitor, kept=kept_entry(request, form)))


@xframe_options_exempt
@of_form
@require_safe
def embedded_form(request: HttpRequest, form: PublicForm) -> HttpResponse:
    """The same for a frame on the sites that the form names. What is sent from it takes the whole window."""
    response = _form_page(request, form, is_embedded=True)
    origins = " ".join(form.frame_origins.split())
    response["Content-Security-Policy"] = policy(ancestors=origins or "'none'")
    if not origins:
        response["X-Frame-Options"] = "DENY"
    return response


@csrf_exempt
@of_form
@require_POST
def continue_form(request: HttpRequest, form: PublicForm) -> HttpResponse:
    """Back to the copy that this browser began."""
    kept = kept_entry(request, form)
    recipient = public_forms.resume(form, kept) if kept else None
    if recipient is None:
        return redirect("signing:public_form", form.slug)
    return redirect("signing:landing", link_token_of(recipient))


@of_form
@require_safe
def form_mailed(request: HttpRequest, form: PublicForm) -> HttpResponse:
    """Somebody began with this address before; whether it was this visitor, their mailbox shows."""
    return render(request, "signing/forms/mailed.html", _context(form))


@csrf_exempt
@of_form
@require_http_methods(["GET", "HEAD", "POST"])
def form_code(request: HttpRequest, form: PublicForm, entry_id: uuid.UUID) -> HttpResponse:
    """GET asks for the code; with the right one they go on to sign."""
    entry = _entry(form, entry_id)
    if entry is None or (request.method != "POST" and entry.verified_at):
        return redirect("signing:public_form", form.slug)
    if request.method != "POST":
        return _code_page(request, form, entry)
    address = client_address(request)
    if WRONG_CODES.is_reached(address):
        return _code_page(request, form, entry, _("Too many wrong codes. Please wait an hour."), status=429)
    try:
        form_codes.check(entry, request.POST.get("code", ""))
    except WrongCodeError as error:
        WRONG_CODES.count(address)
        return _code_page(request, form, entry, what_is_wrong(error), status=422)
    return _go_on(request, form, public_forms.begin_verified(entry))


@csrf_exempt
@of_form
@require_POST
def new_form_code(request: HttpRequest, form: PublicForm, entry_id: uuid.UUID) -> HttpResponse:
    entry = _entry(form, entry_id)
    if entry is None or entry.verified_at:
        return redirect("signing:public_form", form.slug)
    if not _may_mail(client_address(request), form, entry.email):
        return _code_page(request, form, entry, _too_many_codes(), status=429)
    if form_codes.make(entry):
        tasks.ring(tasks.mail_form_code, entry.pk)
    return redirect("signing:form_code", form.slug, entry.public_id)


def _ask_for_code(request: HttpRequest, form: PublicForm, entry_form: EntryForm, visitor: Visitor) -> HttpResponse:
    if public_forms.state_of(form, timezone.now()) != FormState.OPEN:
        return _form_page(request, form)
    if not _may_mail(client_address(request), form, visitor.email):
        return _form_page(request, form, entry_form, problem=_too_many_codes(), status=429)
    entry = public_forms.register(form, visitor)
    form_codes.make(entry)
    tasks.ring(tasks.mail_form_code, entry.pk)
    return redirect("signing:form_code", form.slug, entry.public_id)


def _go_on(request: HttpRequest, form: PublicForm, outcome: Outcome) -> HttpResponse:
    recipient = outcome.recipient
    if outcome.step == Step.CLOSED or recipient is None:
        form.refresh_from_db()
        return _form_page(request, form)
    if outcome.step == Step.MAILED:
        tasks.follow_up(recipient.envelope_id)
        return redirect("signing:form_mailed", form.slug)
    if outcome.is_new:
        tasks.ring(tasks.send_for_visitor, recipient.envelope_id)
    link_token = link_token_of(recipient)
    response = redirect("signing:landing", link_token)
    if outcome.entry:
        keep_entry(response, outcome.entry)
    if outcome.proof:
        link = Link(link_token, recipient, LinkState.CURRENT, recipient.link_expires_at)
        keep_proof(response, link, outcome.proof)
    return response


def _form_page(
    request: HttpRequest,
    form: PublicForm,
    entry_form: EntryForm | None = None,
    *,
    problem: str = "",
    status: int = 200,
    is_embedded: bool = False,
) -> HttpResponse:
    """In whatever state the form is. A frame knows no visitor: no cookie of ours comes along there."""
    state = public_forms.state_of(form, timezone.now())
    kept = None if is_embedded else kept_entry(request, form)
    context = {
        "state": state,
        "entry_form": entry_form or EntryForm(public_form=form),
        "problem": problem,
        "resumable": public_forms.resume(form, kept) if kept else None,
        "is_embedded": is_embedded,
    }
    page = "form" if state == FormState.OPEN else "closed"
    return render(request, f"signing/forms/{page}.html", _context(form) | context, status=status)


def _code_page(
    request: HttpRequest, form: PublicForm, entry: FormEntry, problem: str = "", *, status: int = 200
) -> HttpResponse:
    context = {
        "entry": entry,
        "problem": problem,
        "has_code": form_codes.is_usable(entry),
        "digits": CODE_DIGITS,
        "valid_minutes": int(CODE_VALID_FOR.total_seconds() // 60),
    }
    return render(request, "signing/forms/code.html", _context(form) | context, status=status)


def _context(form: PublicForm) -> dict[str, Any]:
    owner = form.created_by
    return {"form": form, "sender": owner.get_full_name() or owner.get_username(), "sender_email": owner.email}


def _entry(form: PublicForm, entry_id: uuid.UUID) -> FormEntry | None:
    return form.entries.select_related("form").filter(public_id=entry_id).first() if form.verify_email else None


def _may_mail(address: str, form: PublicForm, email: str) -> bool:
    """Counted twice: nobody floods the world from one place, nor one mailbox from many."""
    mailbox = f"{form.pk}:{email.lower()}"
    if CODES_SENT.is_reached(address) or FORM_CODES_TO_ONE.is_reached(mailbox):
        return False
    CODES_SENT.count(address)
    FORM_CODES_TO_ONE.count(mailbox)
    return True


def _too_many() -> str:
    return _("So many began from your network that we take a break. Please come back in an hour.")


def _too_many_codes() -> str:
    return _("So many codes were sent already. Please wait an hour before you ask for another.")
