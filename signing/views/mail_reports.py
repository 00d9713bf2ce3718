"""The door for a mail provider's reports of mails that came back, where one is used (django-anymail).

Anymail reads and verifies each provider's format; of its views only that is used, and what it would announce as a
signal is handed to the outbox instead. By SMTP alone there are no reports: later bounces go to the sender's mailbox.
"""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from signing import outbox

BACKENDS = "anymail.backends."
RETURNED = frozenset({"bounced", "rejected", "failed"})


@login_not_required
@csrf_exempt  # the provider's secret is the proof, and no cookie is read
@require_POST
def mail_reports(request: HttpRequest) -> HttpResponse:
    """Without a secret anyone could report anything: then there is no such page."""
    if not settings.EMAIL_BACKEND.startswith(BACKENDS) or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    provider = settings.EMAIL_BACKEND.removeprefix(BACKENDS).partition(".")[0]
    return _reader(provider)(request)


class _Ledger:
    """Stands where Anymail's views have their signal."""

    def send(self, *, sender: object, event: Any, esp_name: str) -> None:
        if event.event_type in RETURNED and event.message_id:
            reason = event.description or event.mta_response or event.reject_reason or event.event_type
            outbox.note_bounce(event.message_id, f"{esp_name}: {reason}")


@lru_cache
def _reader(provider: str) -> Callable[[HttpRequest], HttpResponse]:
    module = import_module(f"anymail.webhooks.{provider}")
    own = [found for found in vars(module).values() if getattr(found, "__module__", "") == module.__name__]
    views = [found for found in own if found.__name__.endswith("TrackingWebhookView")]
    if not views:
        raise Http404  # a provider whose reports anymail does not read apart
    reader: Callable[[HttpRequest], HttpResponse] = views[0].as_view(signal=_Ledger())
    return reader
