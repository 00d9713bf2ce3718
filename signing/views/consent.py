"""Where Docusign sends the browser after the consent page."""

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from signing import connection, events, tasks
from signing.docusign.sentences import GRANT_HINTS
from signing.models import PortalKind


@staff_member_required
@never_cache
@require_safe
def consent_return(request: HttpRequest) -> HttpResponse:
    """In JWT Grant the `code` is of no use: consent is stored at Docusign. We only try our luck again.

    A state that was not given out to this browser is someone else's: then nothing is done. None at all comes from a
    link that was passed on, as to the service user.
    """
    expected, given = request.session.pop(connection.CONSENT_STATE, ""), request.GET.get("state", "")
    is_strange = bool(given) and not constant_time_compare(given, expected)
    refusal = request.GET.get("error", "")
    answer = "strange" if is_strange else refusal[:60] or "accepted"
    events.record_portal(PortalKind.CONSENT_ANSWERED, about="docusign", answer=answer)
    if answer == "accepted":
        connection.try_at_once()
        tasks.ring(tasks.keep_connected)
    if request.user.has_perm("signing.manage_connection"):
        _tell(request, is_strange, refusal)
        return redirect("doctor:page")
    return render(request, "signing/consent_return.html", {"granted": answer == "accepted"})


def _tell(request: HttpRequest, is_strange: bool, refusal: str) -> None:
    if is_strange:
        text = _("This answer belongs to no consent page that was opened here, so nothing was taken from it.")
        messages.warning(request, text)
    elif refusal:
        reason = GRANT_HINTS.get(refusal, _("Docusign said: %(code)s") % {"code": refusal[:60]}).rstrip(".")
        text = _("Consent was not given: %(reason)s. Without it the portal cannot send anything.") % {"reason": reason}
        messages.error(request, text)
    else:
        messages.success(request, _("You are back from Docusign. The checks below say whether consent is there now."))
