"""Where Docusign sends the service user after the consent page."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from signing import connection, tasks


@staff_member_required
@never_cache
@require_safe
def consent_return(request: HttpRequest) -> HttpResponse:
    """In JWT Grant the `code` is of no use: consent is stored at Docusign. We only try our luck again."""
    granted = "error" not in request.GET
    if granted:
        connection.try_at_once()
        tasks.ring(tasks.keep_connected)
    return render(request, "signing/consent_return.html", {"granted": granted})
