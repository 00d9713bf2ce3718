"""The field editor (step 2 of composing): its page, and what its scripts ask and tell."""

import json
from collections.abc import Callable
from functools import wraps
from itertools import cycle
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from unfold.admin import ModelAdmin

from signing import fields, offers, page_images
from signing.authoring import NotADraftError
from signing.fields import FieldsChangedError
from signing.forms import tabs
from signing.models import Document, Envelope, EnvelopeStatus
from signing.pdf_process import PdfUnreadableError
from signing.visibility import may_change

from .editor_state import COLOURS, state_of
from .staff import staff_of
from .templates.content import may_view_content

Page = Callable[..., HttpResponse]
SHORTEST_ANCHOR = 2


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    def page(route: str, view: Page, name: str) -> URLPattern:
        wrapped = model_admin.admin_site.admin_view(_for_envelope(model_admin, view))
        return path(f"<int:envelope_id>/{route}", wrapped, name=f"signing_envelope_{name}")

    return [
        page("fields/", editor, "fields"),
        page("fields/state/", state, "fields_state"),
        page("fields/anchor/", anchor, "fields_anchor"),
        page("fields/offers/<int:number>/", offered, "fields_offers"),
        page("documents/<int:number>/pages/<int:page>/", page_picture, "page_image"),
    ]


def _for_envelope(model_admin: ModelAdmin, view: Page) -> Page:
    @wraps(view)
    def wrapped(request: HttpRequest, envelope_id: int, **rest: Any) -> HttpResponse:
        envelope = model_admin.get_object(request, str(envelope_id))
        needs_change = view is not page_picture
        if not _may(request, model_admin, envelope, needs_change=needs_change):
            raise PermissionDenied
        return view(request, model_admin, envelope, **rest)

    return wrapped


def _may(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope, *, needs_change: bool) -> bool:
    """What a template holds belongs to who may change (or see) templates."""
    if envelope.status == EnvelopeStatus.TEMPLATE:
        if not needs_change:
            return may_view_content(request)
        return request.user.has_perm("signing.change_template") and may_change(staff_of(request), envelope)
    if needs_change:
        return bool(model_admin.has_change_permission(request, envelope))
    return bool(model_admin.has_view_or_change_permission(request, envelope))


@require_GET
def editor(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope) -> HttpResponse:
    """`?as=N`: what recipient N will see, filled with examples, and nothing can be changed."""
    if not envelope.is_editable:
        messages.warning(request, _("This envelope was sent meanwhile: its fields can no longer be changed here."))
        return redirect("admin:signing_envelope_change", envelope.pk)
    content = fields.content_of(envelope)
    shown_as = content.recipients.get(_number(request.GET.get("as")))
    if "as" in request.GET and shown_as is None:
        raise Http404
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": envelope.subject or _("Draft"),
        "original": envelope,
        "envelope": envelope,
        "recipients": list(zip(content.recipients.values(), cycle(COLOURS), strict=False)),
        "shown_as": shown_as,
        "has_documents": bool(content.documents),
        "state": state_of(envelope, content)
        | {"preview": shown_as.number if shown_as else None, "urls": _addresses(envelope)},
    }
    return TemplateResponse(request, "admin/signing/envelope/editor/page.html", context)


@require_http_methods(["GET", "PUT"])
def state(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope) -> HttpResponse:
    """GET: what `state_of` says. PUT {revision, fields}: save all fields.

    200 {revision, ids}; 422 {revision, ids, errors} when some fields were refused, the others are saved then;
    409 {message} when somebody else changed something; ids and errors by the position of the field.
    """
    if request.method == "GET":
        return _private(JsonResponse(state_of(envelope, fields.content_of(envelope))))
    try:
        given = json.loads(request.body)
        return _save(envelope, given["fields"], str(given["revision"]))
    except tabs.MalformedFieldsError as error:
        return JsonResponse({"message": str(error)}, status=400)
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"message": _("The fields could not be read.")}, status=400)
    except RequestDataTooBig:
        return JsonResponse({"message": _("Too much for one envelope: remove some fields.")}, status=413)
    except FieldsChangedError:
        return JsonResponse(
            {"message": _("Someone else changed the fields, people or documents of this envelope meanwhile.")},
            status=409,
        )
    except NotADraftError:
        message = _("This envelope was sent meanwhile: its fields can no longer be changed here.")
        return JsonResponse({"message": message, "is_sent": True}, status=409)


def _save(envelope: Envelope, given: Any, revision: str) -> HttpResponse:
    content = fields.content_of(envelope)
    if content.revision != revision:
        raise FieldsChangedError
    judged = tabs.judge(given, content)
    rows, revision = fields.replace_fields(envelope, judged.inputs, revision=revision, kept=judged.kept)
    ids = {position: row.pk for position, row in zip(judged.positions, rows, strict=True)}
    answer = {"revision": revision, "ids": ids, "errors": judged.errors}
    return JsonResponse(answer, status=422 if judged.errors else 200)


@require_GET
def anchor(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope) -> HttpResponse:
    """Where a text stands, as Docusign will look for it: {count, places: [{document, page, box}], problem}."""
    text = request.GET.get("text", "")[:100]
    answer: dict[str, Any] = {"count": 0, "places": [], "problem": ""}
    if len(text.strip()) < SHORTEST_ANCHOR:
        return JsonResponse(answer)
    for document in envelope.documents.all():
        try:
            found = offers.anchor_places(document, text)
        except PdfUnreadableError as error:
            answer["problem"] = str(error)
            continue
        answer["count"] += found["count"]
        answer["places"] += [{"document": document.number, "page": page, "box": box} for page, *box in found["places"]]
    return _private(JsonResponse(answer))


@require_GET
def offered(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope, number: int) -> HttpResponse:
    """What the document itself offers: {form: […], suggestions: […], problem}."""
    document = get_object_or_404(Document, envelope=envelope, number=number)
    try:
        answer = {
            "form": offers.form_fields(document),
            "suggestions": offers.suggestions(document),
            "problem": "",
        }
    except PdfUnreadableError as error:
        answer = {"form": [], "suggestions": [], "problem": str(error)}
    return _private(JsonResponse(answer))


@require_GET
def page_picture(
    request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope, number: int, page: int
) -> HttpResponse:
    """PNG; `?width=` in pixels. Kept by the browser, for the address names the content (`?v=`)."""
    document = get_object_or_404(Document, envelope=envelope, number=number)
    width = page_images.fitting(_number(request.GET.get("width")) or page_images.WIDTHS[2])
    etag = f'"{document.sha256[:32]}-{page}-{width}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            image = page_images.page_image(document, page, width)
        except IndexError:
            raise Http404 from None
        except PdfUnreadableError as error:
            return HttpResponse(str(error), status=422, content_type="text/plain")
        response = HttpResponse(image, content_type="image/png", headers={"ETag": etag})
    patch_cache_control(response, private=True, max_age=24 * 3600)
    return response


def _addresses(envelope: Envelope) -> dict[str, str]:
    """`0` stands for the number of a document or page."""
    names = {"state": "fields_state", "anchor": "fields_anchor"}
    addresses = {key: reverse(f"admin:signing_envelope_{name}", args=[envelope.pk]) for key, name in names.items()}
    addresses["offers"] = reverse("admin:signing_envelope_fields_offers", args=[envelope.pk, 0])
    addresses["image"] = reverse("admin:signing_envelope_page_image", args=[envelope.pk, 0, 0])
    return addresses


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    return response


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
