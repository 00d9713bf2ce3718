"""Which of their envelopes and templates members share with each other, told and set for many at once."""

from typing import Any

from django.http import HttpResponse

from sandbox.definition.reading import Json, list_of, object_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Envelope, Membership

from .door import Call, answer
from .kinds import each
from .members import change_data, find_member, info, members
from .paging import page
from .registry import operation

ITEM_TYPES = ("envelopes", "templates", "folders")
SHARED = ("not_shared", "shared_to", "shared_from", "shared_to_and_from")
DATA = "sharedEnvelopes"  # in a member's data: {userId of the other: one of SHARED}


@operation("GET", "shared_access", partial="of folders, none are shared")
def list_shared(call: Call) -> HttpResponse:
    """Administrators see everybody's, others only their own."""
    kind = _kind(call)
    rows = members(call.account)
    if not (call.membership and call.membership.is_admin):
        rows = rows.filter(user=call.user)
    wanted = [part.strip().lower() for part in call.query.get("user_ids", "").split(",") if part.strip()]
    found = rows.filter(user__guid__in=wanted) if wanted else rows
    data = page(call, found, "sharedAccess", lambda member: _shape(call, member, kind), largest=1000)
    return answer({"accountId": call.account.guid, **data})


@operation("PUT", "shared_access", is_for_admins=True, partial="kept and told; everybody sees what they saw before")
def set_shared(call: Call) -> HttpResponse:
    """What is set replaces what was, unless `preserve_existing_shared_access`."""
    kind = _kind(call)
    if kind == "folders":
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for item_type.")
    put = _put_envelopes if kind == "envelopes" else _put_templates
    results = each(list_of(call.json, "sharedAccess"), lambda item: put(call, item))
    return answer({"accountId": call.account.guid, "sharedAccess": results})


def _put_envelopes(call: Call, item: Json) -> dict[str, Any]:
    member = find_member(call, text_of(object_of(item, "user"), "userId"))
    kept = dict(member.data.get(DATA, {})) if call.flag("preserve_existing_shared_access") else {}
    for one in list_of(item, "envelopes"):
        other = find_member(call, text_of(object_of(one, "user"), "userId"))
        kept[other.user.guid] = _shared(one)
    change_data(member, **{DATA: kept})
    return _shape(call, member, "envelopes")


def _put_templates(call: Call, item: Json) -> dict[str, Any]:
    """Here a template is shared with all or with none."""
    shapes = []
    for one in list_of(item, "templates"):
        template = _templates(call).filter(guid=text_of(one, "templateId").lower()).first()
        if template is None:
            raise ApiError("TEMPLATE_ID_INVALID")
        template.options["shared"] = "false" if _shared(one) == "not_shared" else "true"
        template.save(update_fields=["options"])
        shapes.append(_template_shape(template))
    return {"templates": shapes}


def _shape(call: Call, member: Membership, kind: str) -> dict[str, Any]:
    shape: dict[str, Any] = {"user": info(member)}
    if kind == "envelopes":
        kept = member.data.get(DATA, {})
        others = [other for other in members(call.account) if other.pk != member.pk]
        shape["envelopes"] = [{"user": info(o), "shared": kept.get(o.user.guid, SHARED[0])} for o in others]
    elif kind == "templates":
        shape["templates"] = [_template_shape(t) for t in _templates(call).filter(sender=member.user)]
    else:
        shape["folders"] = []
    return shape


def _templates(call: Call) -> Any:
    return Envelope.objects.filter(account=call.account, is_template=True).select_related("sender")


def _template_shape(template: Envelope) -> dict[str, Any]:
    owner = template.sender
    is_shared = str(template.options.get("shared", "false")).lower() == "true"
    return {
        "templateId": template.guid,
        "templateName": template.template_name,
        "owner": {"userId": owner.guid, "userName": owner.name, "email": owner.email},
        "shared": "shared_to" if is_shared else "not_shared",
    }


def _kind(call: Call) -> str:
    kind = (call.query.get("item_type") or ITEM_TYPES[0]).lower()
    if kind not in ITEM_TYPES:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for item_type.")
    return kind


def _shared(item: Json) -> str:
    shared = text_of(item, "shared").lower()
    if shared not in SHARED:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for shared.")
    return shared
