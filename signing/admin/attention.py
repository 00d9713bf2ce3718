"""What needs a hand: the lines of the dashboard, the click that mends."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from signing import tasks, watchdog
from signing.docusign import DocusignError


def attention(user: User) -> dict[str, Any]:
    """For the dashboard. Reads rows, calls nobody."""
    now = timezone.now()
    return {
        "findings": [(finding, watchdog.told(count)) for finding, count in watchdog.counts(now, user)],
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
