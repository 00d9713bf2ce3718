"""What every API call has in common: bearer, account, faults, limits, error bodies, headers, the journal."""

import json
import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from sandbox import clock, journal, tokens
from sandbox.errors import ApiError
from sandbox.limits import limits
from sandbox.models import Envelope, User

logger = logging.getLogger(__name__)

Handler = Callable[..., HttpResponseBase]
KEPT_BASE64 = 60  # of documentBase64, in the journal


def operation(**handlers: Handler) -> Callable[..., HttpResponseBase]:
    """One address: a handler per HTTP method, called as handler(request, user, **path_values)."""

    @csrf_exempt
    def view(request: HttpRequest, account_id: str = "", **values: str) -> HttpResponseBase:
        started_at, started = journal.real_now(), time.perf_counter()
        trace_token = str(uuid.uuid4())
        error_code = ""
        try:
            response = _handle(request, account_id, handlers, values)
        except ApiError as error:
            error_code = error.error_code
            response = error_response(error)
        except RequestDataTooBig:
            error_code = "INVALID_REQUEST_BODY"
            response = error_response(ApiError(error_code, "It is larger than 35,651,584 bytes."))
        except Exception:
            logger.exception("%s %s", request.method, request.path)
            error_code = "UNSPECIFIED_ERROR"
            response = error_response(ApiError(error_code))
        _add_headers(response, trace_token)
        journal.add_call(
            {
                "method": request.method,
                "path": request.path,
                "query": request.GET.dict(),
                "body": _journal_body(request),
                "status": response.status_code,
                "error_code": error_code,
                "started_at": started_at.isoformat(),
                "duration_ms": round((time.perf_counter() - started) * 1000, 2),
                "trace_token": trace_token,
            }
        )
        return response

    return view


def _handle(
    request: HttpRequest, account_id: str, handlers: dict[str, Handler], values: dict[str, str]
) -> HttpResponseBase:
    method = request.method or "GET"
    if not handlers:
        raise ApiError("RESOURCE_NOT_FOUND")
    user = _authenticated(request, account_id)
    limits.count(clock.now().timestamp())
    handler = handlers.get(method)
    if handler is None:
        raise ApiError("METHOD_NOT_ALLOWED")
    _fail_if_ordered(method, request.path, "before")
    if method == "GET":
        response = handler(request, user, **values)
    else:
        with transaction.atomic():  # all of it or nothing
            response = handler(request, user, **values)
    _fail_if_ordered(method, request.path, "after")
    return response


def _authenticated(request: HttpRequest, account_id: str) -> User:
    if not tokens.has_bearer(request):
        raise ApiError("USER_AUTHENTICATION_FAILED")
    user = tokens.user_of(request)
    if user is None:
        raise ApiError("AUTHORIZATION_INVALID_TOKEN")
    if account_id.lower() not in (user.account.guid, user.account.external_id):
        raise ApiError("USER_LACKS_MEMBERSHIP")
    return user


def _fail_if_ordered(method: str, path: str, when: str) -> None:
    fault = journal.take_fault(method, path, when)
    if fault is not None:
        raise ApiError(fault.error_code, status=fault.status, message=fault.message)


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The body as an object; an empty body is an empty object. Raises INVALID_REQUEST_BODY."""
    try:
        if not request.body:
            return {}
        data = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig):
        raise ApiError("INVALID_REQUEST_BODY") from None
    if not isinstance(data, dict):
        raise ApiError("INVALID_REQUEST_BODY")
    return data


def answer(data: dict[str, Any], status: int = 200) -> HttpResponse:
    """Pretty-printed with CRLF, as on Docusign's wire: clients must parse, not compare strings."""
    text = json.dumps(data, indent=2, ensure_ascii=False).replace("\n", "\r\n")
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def error_response(error: ApiError) -> HttpResponse:
    return answer({"errorCode": error.error_code, "message": error.message}, status=error.status)


def find_envelope(user: User, envelope_id: str) -> Envelope:
    try:
        guid = str(uuid.UUID(envelope_id))
    except ValueError:
        detail = "Invalid value specified for envelopeId."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail) from None
    envelope = Envelope.objects.select_related("sender", "account").filter(account=user.account, guid=guid).first()
    if envelope is None:
        raise ApiError("ENVELOPE_DOES_NOT_EXIST")
    return envelope


def _add_headers(response: HttpResponseBase, trace_token: str) -> None:
    response["X-DocuSign-TraceToken"] = trace_token
    for name, value in limits.headers().items():
        response[name] = value
    response["Cache-Control"] = "no-cache"


def _journal_body(request: HttpRequest) -> Any:
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig):
        return None
    if isinstance(data, dict) and isinstance(data.get("documents"), list):
        data["documents"] = [_without_content(item) for item in data["documents"]]
    return data


def _without_content(document: Any) -> Any:
    if not isinstance(document, dict) or "documentBase64" not in document:
        return document
    return document | {"documentBase64": str(document["documentBase64"])[:KEPT_BASE64]}
