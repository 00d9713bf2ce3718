"""What every API call has in common: bearer, account, faults, limits, error bodies, headers, the journal."""

import logging
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.csrf import csrf_exempt

from sandbox import clock, faults, journal, request_logs, rows
from sandbox.definition import ahead
from sandbox.errors import ApiError
from sandbox.limits import limits
from sandbox.models import Account, Envelope, Membership, User, new_guid
from sandbox.multipart import is_multipart, read_definition

from . import absent, admission, registry

logger = logging.getLogger(__name__)
_writing = threading.Lock()  # one at a time anyway: SQLite lets others try again, after ever longer pauses

CALLER, ACCOUNT = "sandbox.caller", "sandbox.account"  # in a request's META: the guids of who called, and where
TIME_TRACK = "X-DocuSign-TimeTrack"
KEPT_TEXT, KEPT_BASE64 = 12_000, 60  # characters of a text, and of a longer one, in the journal
Json = dict[str, Any]
Found = tuple[dict[str, registry.Operation], dict[str, str]] | None  # as registry.match tells


@dataclass(slots=False)
class Call:
    """One API call by someone who may make it."""

    request: HttpRequest
    user: User
    membership: Membership | None = None

    @property
    def account(self) -> Account:
        if self.membership is None:
            raise ApiError("USER_LACKS_MEMBERSHIP")
        return self.membership.account

    @property
    def is_for_every_sender(self) -> bool:
        """May do with the account's envelopes what their senders may: see ADMINISTRATORS_ACT_FOR_EVERY_SENDER."""
        is_admin = self.membership is not None and self.membership.is_admin
        return is_admin and bool(settings.ADMINISTRATORS_ACT_FOR_EVERY_SENDER)

    @property
    def query(self) -> QueryDict:
        return self.request.GET

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() == "true"

    def include(self) -> set[str]:
        return {part.strip().lower() for part in self.query.get("include", "").split(",") if part.strip()}

    @cached_property
    def json(self) -> Json:
        """The body as an object; an empty body is an empty object. Raises INVALID_REQUEST_BODY."""
        data = self._parsed
        if not isinstance(data, dict):
            raise ApiError("INVALID_REQUEST_BODY")
        return data

    @cached_property
    def definition(self) -> Json:
        """An envelope's or a template's: JSON, or multipart with the documents' bytes (reference 2.3)."""
        content_type = self.request.headers.get("Content-Type", "")
        return read_definition(content_type, self.request.body) if is_multipart(content_type) else self.json

    @cached_property
    def _parsed(self) -> Any:
        try:
            return orjson.loads(self.request.body) if self.request.body else {}
        except (ValueError, RecursionError, RequestDataTooBig):
            raise ApiError("INVALID_REQUEST_BODY") from None


@csrf_exempt
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Every address below /restapi/."""
    started_at, started = journal.real_now(), time.perf_counter()
    found = registry.match(path)
    trace_token = new_guid()
    response: HttpResponseBase | None = None
    error_code = ""
    try:
        response, error_code = _answered(request, path, found)
        response["X-DocuSign-TraceToken"] = trace_token
        _add_headers(request, response, started_at, error_code)
        request_logs.record(request.META.get(CALLER, ""), request, response)
        return response
    finally:  # even of a call whose connection is dropped
        journal.add_call(
            {
                "method": request.method,
                "path": request.path,
                "operation": _operation_name(request.method or "GET", found),
                "query": request.GET.dict(),
                "body": _journal_body(request),
                "status": response.status_code if response is not None else 0,
                "error_code": error_code,
                "response": _journal_response(response),
                "started_at": started_at.isoformat(),
                "duration_ms": round((time.perf_counter() - started) * 1000, 2),
                "trace_token": trace_token,
            }
        )


def _add_headers(request: HttpRequest, response: HttpResponseBase, started_at: datetime, error_code: str) -> None:
    """Of every answer (reference 5.1)."""
    response["X-DocuSign-Node"] = "SBX1"
    response["Cache-Control"] = "no-cache"
    account, now = request.META.get(ACCOUNT, ""), clock.now().timestamp()
    for name, value in limits.headers(account, now, is_exhausted=error_code == faults.THROTTLED):
        response[name] = value
    if TIME_TRACK in request.headers:
        response[TIME_TRACK] = f"REST0_Start,{started_at.isoformat()};REST0_End,{journal.real_now().isoformat()}"


def _answered(request: HttpRequest, path: str, found: Found) -> tuple[HttpResponseBase, str]:
    """The response, and the errorCode in it."""
    try:
        return _handle(request, path, found), ""
    except ApiError as refusal:
        error = refusal
    except RequestDataTooBig:
        error = ApiError("INVALID_REQUEST_BODY", "It is larger than 35,651,584 bytes.")
    except Exception:
        logger.exception("%s %s", request.method, request.path)
        error = ApiError("UNSPECIFIED_ERROR")
    return error_response(error), error.error_code


def _handle(request: HttpRequest, path: str, found: Found) -> HttpResponseBase:
    method = request.method or "GET"
    if found is None:
        raise ApiError("RESOURCE_NOT_FOUND", absent.reason_for(method, path))
    operations, values = found[0], dict(found[1])
    operation = operations.get(method)
    if operation is None and (reason := absent.reason_for(method, path)):
        raise ApiError("RESOURCE_NOT_FOUND", reason)
    account_id = values.pop("account_id", "")
    call = Call(request, User()) if operation and operation.is_open else _admitted(request, account_id)
    request.META[CALLER] = call.user.guid
    request.META[ACCOUNT] = call.membership.account.guid if call.membership else ""
    limits.count(request.META[ACCOUNT], clock.now().timestamp())
    if operation is None:
        raise ApiError("METHOD_NOT_ALLOWED")
    if operation.is_for_admins and not (call.membership and call.membership.is_admin):
        raise ApiError("USER_NOT_ACCOUNT_ADMIN")
    faults.strike(method, request.path, "before")
    if method == "GET":
        response = operation.handler(call, **_resolved(call, values))
    else:
        _convert_ahead(call)
        with _writing, transaction.atomic():  # all of it or nothing
            response = operation.handler(call, **_resolved(call, values))
    faults.strike(method, request.path, "after")
    return response


def _convert_ahead(call: Call) -> None:
    """Raises UNABLE_TO_CONVERT_DOCUMENT."""
    if call.membership is not None and ahead.may_convert(call.request.body):
        definition: Json = {}
        with suppress(ApiError):  # the handler may want something else of this body, and says if it cannot be read
            definition = call.definition
        ahead.convert(definition, call.account)


def _admitted(request: HttpRequest, account_id: str) -> Call:
    if not account_id:
        return Call(request, admission.user_of(request))
    membership = admission.membership_of(request, account_id)
    return Call(request, membership.user, membership)


def _resolved(call: Call, values: dict[str, str]) -> dict[str, Any]:
    """`envelope_id` or `template_id` in the path becomes the envelope itself."""
    if "envelope_id" in values:
        envelope = find_envelope(call, values.pop("envelope_id"))
        limits.count_envelope(envelope.guid, clock.now().timestamp(), is_read=call.request.method == "GET")
        return {"envelope": envelope, **values}
    if "template_id" in values:
        return {"envelope": find_template(call, values.pop("template_id")), **values}
    return values


def answer(data: Any, status: int = 200) -> HttpResponse:
    """Pretty-printed with CRLF, as on Docusign's wire: clients must parse, not compare strings."""
    text = orjson.dumps(data, option=orjson.OPT_INDENT_2).replace(b"\n", b"\r\n")
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def error_response(error: ApiError) -> HttpResponse:
    return answer({"errorCode": error.error_code, "message": error.message}, status=error.status)


def find_envelope(call: Call, envelope_id: str) -> Envelope:
    """The account's own; only its sender, its recipients and administrators may touch it."""
    found = _find(call, envelope_id, is_template=False, name="envelopeId")
    if found is None:
        raise ApiError("ENVELOPE_DOES_NOT_EXIST")
    if not call.is_for_every_sender and found.sender_id != call.user.pk:
        if not found.recipients.filter(email__iexact=call.user.email).exists():
            raise ApiError("USER_NOT_ENVELOPE_SENDER_OR_RECIPIENT")
        if call.request.method != "GET":
            raise ApiError("USER_LACKS_PERMISSIONS")
    return found


def find_template(call: Call, template_id: str) -> Envelope:
    found = _find(call, template_id, is_template=True, name="templateId")
    if found is None:
        raise ApiError("TEMPLATE_ID_INVALID")
    return found


def _find(call: Call, value: str, *, is_template: bool, name: str) -> Envelope | None:
    try:
        guid = str(uuid.UUID(value))
    except ValueError:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.") from None
    where = "account_id = %s AND guid = %s AND is_template = %s"
    found = rows.find(Envelope, where, call.account.pk, guid, is_template)
    if found is not None:
        found.account = call.account
        if found.sender_id == call.user.pk:
            found.sender = call.user
    return found


def _operation_name(method: str, found: Found) -> str:
    """As the specification has it: `GET /v2.1/accounts/{accountId}/envelopes`; empty for what is not known here."""
    operation = found[0].get(method) if found else None
    return f"{method} {operation.path}" if operation else ""


def _journal_response(response: HttpResponseBase | None) -> Any:
    is_json = response is not None and response.headers.get("Content-Type", "").startswith("application/json")
    if not (is_json and journal.keeps_responses() and isinstance(response, HttpResponse)):
        return None
    return orjson.loads(response.content) if response.content else None


def _journal_body(request: HttpRequest) -> Any:
    """Without the documents' contents, and nothing but the size of what is not JSON."""
    try:
        body = request.body
        if not body:
            return None
        data = orjson.loads(body)
        return _shortened(data)
    except (ValueError, RecursionError, RequestDataTooBig):
        return None


def _shortened(value: Any, longest: int = KEPT_TEXT) -> Any:
    """Ten thousand calls are kept: of files in base64, wherever they stand, only the beginning."""
    if isinstance(value, str):
        return value if len(value) < longest else value[:KEPT_BASE64]
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    if isinstance(value, dict):
        return {n: _shortened(item, KEPT_BASE64 if n == "documentBase64" else KEPT_TEXT) for n, item in value.items()}
    return value
