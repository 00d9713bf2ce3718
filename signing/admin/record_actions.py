"""What staff can do to an envelope that was sent. Each door calls one deed and says how it went."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from signing import copying, correcting, identities, owning, reminding, sending, tasks, voiding
from signing.correcting import NotCorrectableError
from signing.docusign import DocusignError
from signing.events import record
from signing.forms.desk import CorrectForm, OwnerForm, RemindForm, TeamForm
from signing.forms.void import VoidForm
from signing.models import Envelope, EventKind, Recipient
from signing.reminding import Reminded
from signing.visibility import may_see

from .attention import ask_docusign
from .doors import back_to, changing, find_envelope, sentence_of
from .links import change_link
from .record import record_page
from .staff import staff_of


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    def void(request: HttpRequest, envelope_id: int) -> HttpResponse:
        return _void(model_admin, request, envelope_id)

    def correct(request: HttpRequest, envelope: Envelope, number: int) -> HttpResponse:
        return _correct(model_admin, request, envelope, number)

    def values(request: HttpRequest, envelope: Envelope) -> HttpResponse:
        return _values(model_admin, request, envelope)

    def duplicate(request: HttpRequest, envelope: Envelope) -> HttpResponse:
        return _duplicate(model_admin, request, envelope)

    one = "<int:envelope_id>/"
    signer = one + "signers/<int:number>/"
    return [
        path(one + "take-back/", changing(model_admin, _take_back), name="signing_envelope_take_back"),
        path(one + "void/", model_admin.admin_site.admin_view(void), name="signing_envelope_void"),
        path(signer + "link/", changing(model_admin, _change_link), name="signing_envelope_link"),
        path(signer + "correct/", changing(model_admin, correct), name="signing_envelope_correct"),
        path(one + "remind/", changing(model_admin, _remind), name="signing_envelope_remind"),
        path(one + "owner/", changing(model_admin, _reassign), name="signing_envelope_owner"),
        path(one + "team/", changing(model_admin, _move), name="signing_envelope_team"),
        path(one + "values/", changing(model_admin, values), name="signing_envelope_values"),
        path(one + "duplicate/", changing(model_admin, duplicate), name="signing_envelope_duplicate"),
        path(one + "repair/", changing(model_admin, _repair), name="signing_envelope_repair"),
    ]


def _take_back(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    if sending.take_back(envelope):
        messages.success(request, _("Taken back: nothing was sent, and it is a draft again."))
    else:
        messages.warning(request, _("Too late: it is being sent, or was sent. You can void it once it is sent."))
    return back_to(envelope)


def _void(model_admin: ModelAdmin, request: HttpRequest, envelope_id: int) -> HttpResponse:
    envelope = find_envelope(model_admin, request, envelope_id)
    if not model_admin.has_change_permission(request, envelope):
        raise PermissionDenied
    form = VoidForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return record_page(request, model_admin, envelope, void_form=form)
    try:
        voiding.void(envelope, reason=form.cleaned_data["reason"])
    except DocusignError as error:
        messages.error(request, sentence_of(error))
        tasks.ring_refresh(envelope.pk)  # perhaps it has moved on without us
    else:
        tasks.follow_up(envelope.pk)
        messages.success(request, _("The envelope is void. Everyone who was asked to sign is told so."))
    return back_to(envelope)


def _change_link(request: HttpRequest, envelope: Envelope, number: int) -> HttpResponse:
    change_link(request, get_object_or_404(Recipient, envelope=envelope, number=number))
    return back_to(envelope)


def _correct(model_admin: ModelAdmin, request: HttpRequest, envelope: Envelope, number: int) -> HttpResponse:
    recipient = get_object_or_404(Recipient.objects.select_related("envelope"), envelope=envelope, number=number)
    if reason := correcting.why_not(recipient):
        messages.error(request, reason)
        return back_to(envelope)
    form = CorrectForm(request.POST, recipient=recipient)
    if not form.is_valid():
        return record_page(request, model_admin, envelope, correct_form=form, correct_number=number)
    try:
        changed = correcting.correct(recipient, form.correction())
    except NotCorrectableError as error:
        form.add_error(None, str(error))
        return record_page(request, model_admin, envelope, correct_form=form, correct_number=number)
    except DocusignError as error:
        messages.error(request, sentence_of(error))
        tasks.ring_refresh(envelope.pk)
        return back_to(envelope)
    tasks.follow_up(envelope.pk)
    if "email" in changed and recipient.is_embedded and recipient.sent_at:
        text = _("Corrected. The old link is closed and says so; a new one is on its way to %(email)s.")
        messages.success(request, text % {"email": recipient.email})
    elif changed:
        messages.success(request, _("Corrected, here and at Docusign."))
    else:
        messages.info(request, _("Nothing was different."))
    return back_to(envelope)


def _remind(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    form, number = RemindForm(request.POST), request.POST.get("number", "")
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        reminded = reminding.remind(envelope, number=int(number) if number.isdecimal() else None, note=note)
    except DocusignError as error:
        messages.error(request, sentence_of(error))
        return back_to(envelope)
    tasks.follow_up(envelope.pk)
    _say_who_was_reminded(request, reminded)
    return back_to(envelope)


def _say_who_was_reminded(request: HttpRequest, reminded: Reminded) -> None:
    if reminded.asked:
        messages.success(request, _("A reminder is on its way to %(names)s.") % {"names": _list(reminded.asked)})
    if reminded.too_soon:
        text = ngettext(
            "%(names)s was asked less than an hour ago, so no reminder was sent.",
            "%(names)s were asked less than an hour ago, so no reminder was sent.",
            len(reminded.too_soon),
        )
        messages.warning(request, text % {"names": _list(reminded.too_soon)})
    if not reminded.asked and not reminded.too_soon:
        messages.warning(request, _("Nobody is being waited for."))


def _reassign(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    form = OwnerForm(request.POST, user=staff_of(request))
    if not form.is_valid():
        messages.error(request, _("Choose somebody of the staff."))
    elif owning.reassign(envelope, form.cleaned_data["owner"]):
        envelope.refresh_from_db()
        messages.success(request, _("%(name)s answers for this envelope now.") % {"name": envelope.sender_name})
    return _back_if_seen(request, envelope)


def _move(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    form = TeamForm(request.POST, envelope=envelope, user=staff_of(request))
    if not form.is_valid():
        messages.error(request, _("Choose a team of yours."))
    elif owning.move(envelope, form.cleaned_data["team"]):
        envelope.refresh_from_db()
        team = envelope.team
        words = _("It belongs to “%(team)s” now.") % {"team": team} if team else _("Its owner alone sees it now.")
        messages.success(request, words)
    return _back_if_seen(request, envelope)


def _back_if_seen(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    """Who has given it away may have lost sight of it."""
    if may_see(staff_of(request), envelope):
        return back_to(envelope)
    return redirect("admin:signing_envelope_changelist")


def _values(model_admin: ModelAdmin, request: HttpRequest, envelope: Envelope) -> HttpResponse:
    """Asked of Docusign by a click, shown once, kept nowhere: what people fill in is theirs."""
    try:
        docusign_id = envelope.docusign_id or ""
        ask = partial(identities.ask, envelope, lambda client: client.get_form_data(docusign_id), urgent=True)
        values = ask() if docusign_id else []
    except DocusignError as error:
        messages.error(request, sentence_of(error))
        return back_to(envelope)
    record(envelope.pk, EventKind.VALUES_READ)
    return record_page(request, model_admin, envelope, values=values)


def _duplicate(model_admin: ModelAdmin, request: HttpRequest, envelope: Envelope) -> HttpResponse:
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    made = copying.copy(envelope, staff_of(request))
    identities.begin_with(made, staff_of(request))
    messages.success(request, _("This is a copy: a draft of yours, with the same documents, people and fields."))
    return back_to(made)


def _repair(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    ask_docusign(request, [envelope.pk])
    return back_to(envelope)


def _list(names: tuple[str, ...]) -> str:
    return get_text_list(list(names), _("and"))
