"""New envelope, and a draft taken up again: one page of forms."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from signing import authoring, sending, tasks
from signing.authoring import NotADraftError
from signing.forms.composer import Composer, default_tab
from signing.models import Envelope
from signing.pdfs import DocumentRefusedError

from .schedule import schedule_context


def compose(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope | None) -> HttpResponse:
    """GET shows the page; POST saves what can be saved, and sends when asked and everything is there."""
    if request.method != "POST":
        return _page(request, model_admin, envelope, Composer(envelope))
    envelope = envelope or authoring.create_draft(request.user)  # type: ignore[arg-type]  # staff are logged in
    try:
        return _save(request, model_admin, envelope)
    except NotADraftError:
        messages.warning(request, _("This envelope was sent meanwhile; your last changes were not saved."))
        return redirect("admin:signing_envelope_change", envelope.pk)


def _save(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope) -> HttpResponse:
    """Files first: a browser cannot post them twice, so good ones are kept whatever else is wrong."""
    wants_sending = "_send" in request.POST
    authoring.remove_documents(envelope, [int(n) for n in request.POST.getlist("remove") if n.isdecimal()])
    refusals = _keep_uploads(envelope, request.FILES.getlist("uploads"))
    composer = Composer(envelope, request.POST)
    composer.text.is_valid()
    for refusal in refusals:
        composer.text.add_error("uploads", refusal)
    if not composer.is_valid(for_sending=wants_sending):
        _keep_unfinished(envelope, request)
        return _page(request, model_admin, envelope, composer)
    _write(envelope, composer)
    if not wants_sending:
        messages.success(request, _("Draft saved."))
        return redirect("admin:signing_envelope_change", envelope.pk)
    with transaction.atomic():
        if not sending.claim_for_sending(envelope):
            raise NotADraftError
        tasks.ring_for_sending(envelope.pk)
    messages.success(request, _on_its_way(len(composer.signer_inputs)))
    return redirect("admin:signing_envelope_change", envelope.pk)


def _on_its_way(signers: int) -> str:
    """With a button of the form that the record page shows while the envelope can be taken back."""
    text = ngettext(
        "On its way: the first mail leaves in a moment.",
        "On its way to %(n)s signers: the first mail leaves in a moment.",
        signers,
    ) % {"n": signers}
    if not settings.SEND_UNDO_SECONDS:
        return text
    return format_html('{} <button class="sp-link" type="submit" form="take-back">{}</button>', text, _("Undo"))


def _keep_unfinished(envelope: Envelope, request: HttpRequest) -> None:
    """A file or the sending was refused, but what is well-formed is worth keeping as the draft."""
    composer = Composer(envelope, request.POST)
    if composer.is_valid(for_sending=False):
        _write(envelope, composer)


def _write(envelope: Envelope, composer: Composer) -> None:
    with transaction.atomic():
        text = composer.text.cleaned_data
        authoring.save_text(envelope, subject=text["subject"], message=text["message"])
        authoring.save_follow_up(envelope, composer.follow_up.to_input())
        authoring.save_presentation(envelope, composer.presentation.to_input())
        authoring.replace_signers(envelope, composer.signer_inputs)


def _keep_uploads(envelope: Envelope, uploads: list[UploadedFile]) -> list[str]:
    """Add the good files to the draft; a sentence for each of the others."""
    refusals = []
    max_file, max_total = settings.DOCUMENT_MAX_BYTES, settings.ENVELOPE_MAX_BYTES
    total = sum(document.size_bytes for document in envelope.documents.all())
    for upload in uploads:
        size, name = upload.size or 0, upload.name or ""
        if size > max_file:
            problem = _("This file is larger than %(limit)s.") % {"limit": filesizeformat(max_file)}
        elif total + size > max_total:
            problem = _("Together the files would be larger than %(limit)s.") % {"limit": filesizeformat(max_total)}
        else:
            problem = _keep(envelope, name, upload)
            total += 0 if problem else size
        if problem:
            refusals.append(f"{name}: {problem}")
    return refusals


def _keep(envelope: Envelope, name: str, upload: UploadedFile) -> str:
    try:
        authoring.add_document(envelope, filename=name, content=upload.read())
    except DocumentRefusedError as error:
        return str(error)
    return ""


def _page(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope | None, composer: Composer) -> HttpResponse:
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("New envelope") if envelope is None else envelope.subject or _("Draft"),
        "original": envelope,
        "envelope": envelope,
        "composer": composer,
        "blank_signer": composer.signers.empty_form,
        "blank_tab": _blank_tab(composer),
        **schedule_context(envelope),
        "action": reverse("admin:signing_envelope_change", args=[envelope.pk])
        if envelope
        else reverse("admin:signing_envelope_add"),
    }
    status = 422 if composer.text.is_bound else 200
    return TemplateResponse(request, "admin/signing/envelope/composer.html", context, status=status)


def _blank_tab(composer: Composer) -> Any:
    """The row that "Add field" copies, with the defaults of a signature field."""
    form = composer.tabs.empty_form
    form.initial = {**default_tab(0), "signer": "__signer__", "anchor": ""}
    return form
