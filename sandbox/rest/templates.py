"""Templates: create, get, update (reference 2.8). A template is an envelope that is never sent but copied.

What hangs on it (documents, recipients, tabs …) has the envelope's own handlers.
"""

from typing import Any

from django.http import HttpResponse

from sandbox import clock
from sandbox.definition import attachments
from sandbox.definition.composites import resolve
from sandbox.definition.envelopes import (
    MAX_BLURB,
    OWN_COLUMNS,
    check_notification,
    create_envelope,
    subject_of,
    write_custom_fields,
)
from sandbox.definition.reading import Json, list_of, object_of, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import Envelope

from . import locks
from .door import Call, answer
from .favorite_templates import is_favorite
from .powerforms import powerforms_of
from .registry import operation
from .template_shapes import EVERYTHING, summary_shape, template_shape
from .workflow import change as change_workflow

MAX_NAME = 200
# In a template's definition, but never taken from it: what the server says of it.
READ_ONLY = frozenset(
    {"uri", "owner", "lastModifiedBy", "created", "lastModified", "lastUsed", "pageCount", "passwordProtected"}
)


@operation("POST", "templates")
def create(call: Call) -> HttpResponse:
    """One, or `{"templates": […]}`."""
    body = call.definition
    if not body:
        raise ApiError("INVALID_REQUEST_BODY")
    if "templates" in body:
        created = [_create(call, item) for item in list_of(body, "templates")]
        return answer({"templates": [summary_shape(template) for template in created]}, 201)
    return answer(summary_shape(_create(call, body)), 201)


@operation("GET", "templates/{templateId}")
def get(call: Call, envelope: Envelope) -> HttpResponse:
    include = call.include()
    data = template_shape(envelope, EVERYTHING | include)
    if "favorite_template_status" in include:
        data["favoritedByMe"] = "true" if is_favorite(call, envelope) else "false"
    if "powerforms" in include:
        data["powerForms"] = powerforms_of(call, envelope)
    return answer(data)


@operation("PUT", "templates/{templateId}", partial="documents and recipients are changed at their own addresses only")
def update(call: Call, envelope: Envelope) -> HttpResponse:
    """What is given replaces what was; the answer is a `templateUpdateSummary`."""
    locks.require_free(call, envelope)
    given = _flat(call.json)
    if given.get("name"):
        envelope.template_name = text_of(given, "name", MAX_NAME)
    if given.get("emailSubject"):
        envelope.subject = subject_of(given)
    if "emailBlurb" in given:
        envelope.blurb = text_of(given, "emailBlurb", MAX_BLURB)
    check_notification(object_of(given, "notification"))
    if workflow := object_of(given, "workflow"):
        change_workflow(envelope, workflow)
    envelope.options |= {n: value for n, value in given.items() if n not in OWN_COLUMNS and n != "workflow"}
    if "attachments" in given:
        envelope.options["attachments"] = attachments.read_all(given, envelope.account)
    write_custom_fields(envelope, object_of(given, "customFields"))
    envelope.last_modified_at = clock.now()
    envelope.save()
    return answer({"envelopeId": envelope.guid})


def _create(call: Call, body: Json) -> Envelope:
    """Also from other templates: a template may be composed as an envelope is."""
    definition = {"shared": "false"} | _flat(body)
    text_of(definition, "name", MAX_NAME)
    return create_envelope(call.account, call.user, resolve(call.account, definition), is_template=True)


def _flat(body: Json) -> dict[str, Any]:
    """The older spelling has name, description and shared in an `envelopeTemplateDefinition`."""
    flat = {**body, **object_of(body, "envelopeTemplateDefinition")}
    kept = {name: value for name, value in flat.items() if name not in READ_ONLY and not name.startswith("_")}
    if "shared" in kept:
        kept["shared"] = str(spelled(kept["shared"])).lower()
    if "newPassword" in kept:
        kept["password"] = kept.pop("newPassword")
    kept.pop("templateId", None)
    return kept
