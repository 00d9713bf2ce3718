"""What a template holds, in the composer's pages: who may see and change it, and where one goes from there."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from signing import templates
from signing.admin.staff import staff_of
from signing.models import Envelope, EnvelopeStatus
from signing.visibility import may_change, may_see


def may_view_content(request: HttpRequest) -> bool:
    return request.user.has_perm("signing.view_template") or request.user.has_perm("signing.change_template")


def may_change_content(request: HttpRequest, content: Envelope) -> bool:
    """Never what was published: that is what was sent, and will be."""
    return (
        request.user.has_perm("signing.change_template")
        and may_change(staff_of(request), content)
        and templates.is_in_work(content)
    )


def page_of_content(content: Envelope) -> HttpResponse:
    """The page of the template that has it."""
    template = templates.template_holding(content)
    if template is None:
        return redirect("admin:signing_template_changelist")
    return redirect("admin:signing_template_change", template.pk)


def template_of(request: HttpRequest, content_id: int) -> HttpResponse:
    """From what is composed to the template that holds it."""
    if not may_view_content(request):
        raise PermissionDenied
    content = get_object_or_404(Envelope, pk=content_id, status=EnvelopeStatus.TEMPLATE)
    if not may_see(staff_of(request), content):
        raise Http404
    return page_of_content(content)
