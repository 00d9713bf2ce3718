"""What needs a hand: the filter of the envelope list, the lines of the dashboard, the click that mends."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from signing import tasks, watchdog
from signing.docusign import DocusignError
from signing.models import Envelope


class AttentionFilter(admin.SimpleListFilter):
    title = _("needs attention")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: object) -> Iterable[tuple[str, str]]:
        kinds = [(finding.kind, str(finding.label)) for finding in watchdog.FINDINGS]
        return [("any", gettext("For any reason")), *kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Envelope]) -> QuerySet[Envelope]:
        kind = self.value()
        if not kind:
            return queryset
        return queryset.filter(watchdog.rows_of("" if kind == "any" else kind, timezone.now()))


def attention() -> dict[str, Any]:
    """For the dashboard. Reads rows, calls nobody."""
    now = timezone.now()
    return {
        "findings": watchdog.counts(now),
        "connect_is_silent": watchdog.connect_is_silent(now),
        "failed_connect_messages": watchdog.failed_connect_messages(),
    }


def ask_docusign(request: HttpRequest, envelope_ids: Sequence[int]) -> None:
    """Calls Docusign, and tells staff how it went."""
    try:
        changed = tasks.repair(envelope_ids)
    except DocusignError as error:
        messages.error(request, error.staff_message)
        return
    if changed:
        text = ngettext("Docusign had news of %(n)s envelope.", "Docusign had news of %(n)s envelopes.", changed)
        messages.success(request, text % {"n": changed})
    else:
        messages.success(request, _("Docusign was asked: nothing new."))
