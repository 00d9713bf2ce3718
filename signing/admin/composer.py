"""The composer's first step: documents and recipients. Saved by its buttons, and by itself after every change."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from signing import authoring, templates
from signing.authoring import ChangedMeanwhileError, NotADraftError
from signing.conversion import takes_word_files
from signing.documents import arrange_documents, remove_documents, rename_documents
from signing.forms.composer import Composer
from signing.forms.desk import TeamForm
from signing.models import Delivery, Envelope, EnvelopeStatus
from signing.models.envelope import SUBJECT_MAX_LENGTH

from .staff import staff_of
from .templates.content import page_of_content
from .uploads import keep_uploads

STEPS = {
    "people": "admin:signing_envelope_change",
    "fields": "admin:signing_envelope_fields",
    "review": "admin:signing_envelope_review",
}


def editable_or_404(request: HttpRequest, model_admin: ModelAdmin, envelope_id: int) -> Envelope:
    """A draft, or what a template holds, that this person may change; also one that was sent meanwhile."""
    envelope: Envelope = model_admin.get_object(request, str(envelope_id))
    if not model_admin.has_change_permission(request, envelope):
        raise PermissionDenied
    return envelope


def compose(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope | None) -> HttpResponse:
    """GET shows the page; POST keeps what can be kept. A page that saves by itself is answered in JSON."""
    if request.method != "POST":
        return _page(request, model_admin, envelope, Composer(envelope, has_blank_row="add" in request.GET))
    envelope = envelope or authoring.create_draft(request.user)  # type: ignore[arg-type]  # staff are logged in
    try:
        save = Save(request, envelope)
        save.run()
    except NotADraftError:
        return too_late(request, envelope)
    if saves_itself(request):
        return JsonResponse(save.answer(), status=409 if save.is_conflict else 200)
    if save.is_conflict or save.problems or save.errors:
        return _page(request, model_admin, envelope, save.composer_as_posted(), save)
    return _go_on(request, envelope)


def saves_itself(request: HttpRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"


class Save:
    """One POST. Files first: a browser cannot post them twice, so good ones are kept whatever else is wrong."""

    def __init__(self, request: HttpRequest, envelope: Envelope) -> None:
        self._request = request
        self.envelope = envelope
        self.composer = Composer(envelope, request.POST, request.FILES)
        self.problems: list[str] = []
        self.errors: dict[str, list[str]] = {}
        self.is_conflict = False
        self._numbers: dict[int, int] = {}  # row → recipient
        self._has_new_documents = False

    def run(self) -> None:
        """Raises NotADraftError."""
        known = self._request.POST.get("revision", "")
        wants_theirs_gone = "_overwrite" in self._request.POST
        self.is_conflict = bool(known) and not wants_theirs_gone and known != authoring.people_revision(self.envelope)
        self.composer.is_valid()
        uploads = keep_uploads(
            self.envelope,
            self._request.FILES.getlist("uploads"),
            [] if self.is_conflict else self.composer.replacements(),
        )
        self.problems += uploads.problems
        self._has_new_documents = bool(uploads.kept)
        if uploads.kept and not self.envelope.subject:
            subject = _("Please sign: %(name)s") % {"name": uploads.kept[0].name}
            authoring.save_text(self.envelope, subject=subject[:SUBJECT_MAX_LENGTH], message=self.envelope.message)
        if self.is_conflict:
            return
        try:
            self._write(authoring.people_revision(self.envelope))
        except ChangedMeanwhileError:
            self.is_conflict = True

    def _write(self, revision: str) -> None:
        composer = self.composer
        self.errors = composer.errors
        if "" in self.errors:
            return  # rows are missing: writing the others would remove people
        inputs = composer.signer_inputs()
        with authoring.locked_draft(self.envelope) as draft:
            if authoring.people_revision(draft) != revision:
                raise ChangedMeanwhileError
            if removed := composer.removed_documents():
                remove_documents(draft, removed)
                self._has_new_documents = True
            rename_documents(draft, composer.document_names())
            arrange_documents(draft, moved(composer.document_order(), self._request.POST.get("_move", "")))
            recipients = authoring.replace_signers(draft, [signer for _index, signer in inputs])
        self._numbers = {index: recipient.number for (index, _s), recipient in zip(inputs, recipients, strict=True)}

    def answer(self) -> dict[str, Any]:
        """For the page that saved by itself."""
        if self.is_conflict:
            return {"conflict": conflict_words()}
        answer: dict[str, Any] = {
            "revision": authoring.people_revision(self.envelope),
            "url": reverse(STEPS["people"], args=[self.envelope.pk]),
            "numbers": self._numbers,
            "errors": self.errors,
            "problems": self.problems,
        }
        if self._has_new_documents or self.composer.replacements():
            context = {"envelope": self.envelope, "composer": Composer(self.envelope)}
            answer["documents"] = render_to_string("admin/signing/envelope/documents.html", context, self._request)
            answer["steps"] = render_to_string(
                "admin/signing/envelope/steps.html", {"envelope": self.envelope, "step": 1}, self._request
            )
        return answer

    def composer_as_posted(self) -> Composer:
        """With the documents as they are now, and each recipient as posted, under the number they have got."""
        posted = self._request.POST.copy()
        for index, number in self._numbers.items():
            posted[f"recipients-{index}-number"] = str(number)
        composer = Composer(self.envelope)
        as_posted = Composer(self.envelope, posted, None)
        as_posted.is_valid()
        composer.recipients = as_posted.recipients
        return composer


def moved(order: list[int], move: str) -> list[int]:
    """`move` is what the button "up" or "down" of a document posts: `12:up`."""
    pk, _colon, way = move.partition(":")
    if not pk.isdecimal() or int(pk) not in order:
        return order
    here = order.index(int(pk))
    there = max(0, here - 1) if way == "up" else here + 1
    order = [other for other in order if other != int(pk)]
    return [*order[:there], int(pk), *order[there:]]


def conflict_words() -> str:
    return _("Somebody else changed this meanwhile, or you did in another window.")


def too_late(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    words = _("This envelope was sent meanwhile; your last changes were not saved.")
    url = reverse(STEPS["people"], args=[envelope.pk])
    if saves_itself(request):
        return JsonResponse({"gone": words, "url": url}, status=409)
    messages.warning(request, words)
    return redirect(url)


def _go_on(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    here = reverse(STEPS["people"], args=[envelope.pk])
    if "_add" in request.POST:
        return redirect(f"{here}?add=1#recipients")
    if "_close" in request.POST:
        return page_of_content(envelope)
    if "_move" in request.POST:
        return redirect(f"{here}#documents")
    step = request.POST.get("_step", "")
    if step not in STEPS:
        messages.success(request, _("Draft saved."))
        return redirect(here)
    if placed := authoring.place_by_convention(envelope):
        words = ngettext(
            "A field was placed where the document asks for it.",
            "%(n)s fields were placed where the documents ask for them.",
            placed,
        )
        messages.info(request, words % {"n": placed})
    return redirect(STEPS[step], envelope.pk)


def _page(
    request: HttpRequest,
    model_admin: ModelAdmin,
    envelope: Envelope | None,
    composer: Composer,
    save: Save | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        **page_context(request, model_admin, envelope),
        "composer": composer,
        "save": save,
        "blank": composer.recipients.empty_form,
        "revision": authoring.people_revision(envelope) if envelope else "",
        "action": reverse(STEPS["people"], args=[envelope.pk]) if envelope else reverse("admin:signing_envelope_add"),
        "takes_word_files": takes_word_files(),
    }
    status = 200 if save is None else 409 if save.is_conflict else 422
    return TemplateResponse(request, "admin/signing/envelope/composer.html", context, status=status)


def page_context(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope | None) -> dict[str, Any]:
    """What the composer's pages have in common."""
    is_template = envelope is not None and envelope.status == EnvelopeStatus.TEMPLATE
    title = _("New envelope")
    if envelope is not None:
        template = templates.template_holding(envelope) if is_template else None
        title = template.name if template else envelope.subject or _("Draft")
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "original": envelope,
        "envelope": envelope,
        "is_template": is_template,
        "team_form": TeamForm(envelope=envelope, user=staff_of(request)) if envelope and not is_template else None,
        "portal_delivery": Delivery.PORTAL,
    }
