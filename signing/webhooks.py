"""The door for Docusign's Connect messages. Whoever knocks is told nothing but a status code."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from . import connect_messages, tasks
from .docusign.connect import SIGNATURE_HEADER_PREFIX, MalformedMessageError, is_signed, parse_message

logger = logging.getLogger(__name__)


@login_not_required
@csrf_exempt  # the signature is the proof, and no cookie is read
@require_POST
def connect(request: HttpRequest) -> HttpResponse:
    """Stored is acknowledged: 200 even if applying fails, since that is ours to repeat and not Docusign's."""
    if not settings.DOCUSIGN_CONNECT_KEYS:
        logger.error("a Connect message was refused: DOCUSIGN_CONNECT_KEYS is empty")
        return HttpResponse(status=503)
    body = request.read(settings.CONNECT_MAX_BYTES + 1)
    if len(body) > settings.CONNECT_MAX_BYTES:
        logger.error("a Connect message was refused: it is larger than CONNECT_MAX_MEGABYTES")
        return HttpResponse(status=413)
    if not is_signed(body, _signatures(request), settings.DOCUSIGN_CONNECT_KEYS):
        logger.warning("a Connect message was refused: no signature fits any of our keys")
        return HttpResponse(status=401)
    try:
        if request.content_type != "application/json":
            raise MalformedMessageError("not application/json")
        message = parse_message(body)
    except MalformedMessageError as error:
        logger.error("a Connect message was refused: %s", error)
        return HttpResponse(status=400)
    message_id = connect_messages.store(message, body)
    if message_id is not None:
        tasks.apply_connect_message(message_id)
    return HttpResponse(status=200)


def _signatures(request: HttpRequest) -> list[str]:
    prefix = SIGNATURE_HEADER_PREFIX.lower()
    return [value for name, value in request.headers.items() if name.lower().startswith(prefix)]
