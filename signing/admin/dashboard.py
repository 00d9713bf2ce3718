"""The staff's first page: what is open, what needs a hand, whether Docusign is reachable."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest

from signing.connection import consent_link, last_problem
from signing.docusign import NotConfiguredError
from signing.models import Envelope, EnvelopeStatus, MailState, OutgoingMail
from signing.models.envelope import OPEN_STATUSES

RECENT = 10


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds what `admin/index.html` shows (unfold's DASHBOARD_CALLBACK). Calls nobody."""
    if not request.user.has_perm("signing.view_envelope"):
        return context
    counts: dict[str, int] = dict(Envelope.objects.order_by().values_list("status").annotate(n=Count("pk")))
    context |= {
        "tiles": [
            (
                "hourglass_top",
                "Waiting for signers",
                sum(counts.get(s, 0) for s in OPEN_STATUSES),
                "sent,delivered",
            ),
            (
                "task_alt",
                "Completed",
                counts.get(EnvelopeStatus.COMPLETED, 0),
                EnvelopeStatus.COMPLETED.value,
            ),
            ("edit_document", "Drafts", counts.get(EnvelopeStatus.DRAFT, 0), EnvelopeStatus.DRAFT.value),
            ("thumb_down", "Declined", counts.get(EnvelopeStatus.DECLINED, 0), EnvelopeStatus.DECLINED.value),
        ],
        "recent": Envelope.objects.with_people()[:RECENT],
        "failed_mails": OutgoingMail.objects.filter(state=MailState.FAILED).count(),
        "problem": last_problem(),
        "consent_link": _consent_link(),
    }
    return context


def _consent_link() -> str:
    try:
        return consent_link()
    except NotConfiguredError:
        return ""
