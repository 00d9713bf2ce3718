"""The staff's first page: what is open, what needs a hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as _

from signing.models import Envelope, EnvelopeStatus, OutgoingMail
from signing.models.envelope import OPEN_STATUSES
from signing.models.mail import UNDELIVERED_STATES

from .attention import attention

RECENT = 10
IN_PROGRESS = sorted({EnvelopeStatus.SENDING, *OPEN_STATUSES})


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds what `admin/index.html` shows (unfold's DASHBOARD_CALLBACK). Calls nobody."""
    if not request.user.has_perm("signing.view_envelope"):
        return context
    counts: dict[str, int] = dict(Envelope.objects.order_by().values_list("status").annotate(n=Count("pk")))
    context |= {
        "tiles": [
            _tile("hourglass_top", _("Waiting for signers"), counts, IN_PROGRESS),
            _tile("task_alt", _("Completed"), counts, [EnvelopeStatus.COMPLETED]),
            _tile("edit_document", _("Drafts"), counts, [EnvelopeStatus.DRAFT]),
            _tile("thumb_down", _("Declined"), counts, [EnvelopeStatus.DECLINED]),
        ],
        "recent": Envelope.objects.without_templates().with_people()[:RECENT],
        "failed_mails": OutgoingMail.objects.filter(state__in=UNDELIVERED_STATES).count(),
        **attention(),
    }
    return context


def _tile(icon: str, label: str, counts: Mapping[str, int], statuses: Sequence[str]) -> dict[str, Any]:
    """A number, and the filter of the list that shows what was counted."""
    return {
        "icon": icon,
        "label": label,
        "count": sum(counts.get(status, 0) for status in statuses),
        "statuses": ",".join(statuses),
    }
