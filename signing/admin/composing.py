"""The addresses of composing, and its small answers: past recipients for a name begun, pictures of documents."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.templatetags.static import static
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from signing.models import Document, Recipient
from signing.page_images import page_image
from signing.pdf_process import PdfUnreadableError

from .doors import find_envelope
from .review import review

PICTURE_WIDTH = 480  # pixels; shown at a third of it, sharp on any screen
ENVELOPES_LOOKED_AT = 1000  # the latest ones of the person who asks: a bounded search, however many there are
MOST_PEOPLE = 8
SHORTEST_BEGINNING = 2


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    site = model_admin.admin_site.admin_view

    def review_view(request: HttpRequest, envelope_id: int) -> HttpResponse:
        return review(request, model_admin, envelope_id)

    def people_view(request: HttpRequest) -> JsonResponse:
        return people(request, model_admin)

    def picture_view(request: HttpRequest, envelope_id: int, number: int) -> HttpResponse:
        return picture(request, model_admin, envelope_id, number)

    return [
        path("people/", site(people_view), name="signing_envelope_people"),
        path("<int:envelope_id>/review/", site(review_view), name="signing_envelope_review"),
        path("<int:envelope_id>/documents/<int:number>/picture/", site(picture_view), name="signing_envelope_picture"),
    ]


def people(request: HttpRequest, model_admin: ModelAdmin) -> JsonResponse:
    """`?q=` the beginning of a name, of a part of it, or of an address: people of one's own envelopes, latest first."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    begun = request.GET.get("q", "").strip()
    if len(begun) < SHORTEST_BEGINNING:
        return JsonResponse({"people": []})
    latest = (
        model_admin.get_queryset(request)
        .select_related(None)
        .prefetch_related(None)
        .filter(created_by=request.user)
        .order_by("-pk")
        .values("pk")[:ENVELOPES_LOOKED_AT]
    )
    fits = Q(email__istartswith=begun) | Q(name__istartswith=begun) | Q(name__icontains=f" {begun}")
    rows = Recipient.objects.filter(fits, envelope__in=latest).exclude(email="").exclude(name="")
    found: dict[str, dict[str, str]] = {}
    for name, email in rows.order_by("-envelope_id").values_list("name", "email")[: MOST_PEOPLE * 20]:
        found.setdefault(email.casefold(), {"name": name, "email": email})
    return JsonResponse({"people": list(found.values())[:MOST_PEOPLE]})


def picture(request: HttpRequest, model_admin: ModelAdmin, envelope_id: int, number: int) -> HttpResponse:
    """The first page, as PNG. The address names the content (`?v=`), so a browser may keep it for good."""
    document = get_object_or_404(Document, envelope=find_envelope(model_admin, request, envelope_id), number=number)
    try:
        content = page_image(document, 1, PICTURE_WIDTH)
    except PdfUnreadableError:
        return redirect(static("portal/no-page.svg"))
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
