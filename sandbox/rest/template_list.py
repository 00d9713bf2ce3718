"""Templates: list, with the filters of the specification."""

import base64
import io
import json
import zipfile
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpResponse

from sandbox import files
from sandbox.definition.templates import definition_of
from sandbox.errors import ApiError
from sandbox.folders import TEMPLATES, Folder
from sandbox.models import Envelope

from .answers import content
from .dates import moment_of
from .door import Call, answer
from .favorite_templates import is_favorite
from .paging import page
from .powerforms import powerforms_of
from .registry import operation
from .template_shapes import folder_shape, template_shape
from .template_sharing import shared_by_group

LARGEST = 2000  # reference 2.2
ORDERS = {"name": "template_name", "modified": "last_modified_at", "used": "last_used_at"}
DATES = {
    "from_date": "created_at__gte",
    "to_date": "created_at__lte",
    "created_from_date": "created_at__gte",
    "created_to_date": "created_at__lt",
    "modified_from_date": "last_modified_at__gte",
    "modified_to_date": "last_modified_at__lt",
    "used_from_date": "last_used_at__gte",
    "used_to_date": "last_used_at__lte",
}


@operation("GET", "templates", partial="one folder of templates for each user, and the recycle bin")
def list_templates(call: Call) -> HttpResponse:
    rows = _ordered(call, _filtered(call))
    if call.flag("is_download"):
        return content(_archive(rows), "application/zip", "templates.zip")
    include = call.include()

    def shape(template: Envelope) -> dict[str, Any]:
        data = template_shape(template, include)
        if "favorite_template_status" in include:
            data["favoritedByMe"] = "true" if is_favorite(call, template) else "false"
        if "powerforms" in include:
            data["powerForms"] = powerforms_of(call, template)
        return data

    data = page(call, rows, "envelopeTemplates", shape, largest=LARGEST)
    if "folders" in include:
        data["folders"] = [folder_shape(_folder(call))]
    return answer(data)


def _filtered(call: Call) -> QuerySet[Envelope]:
    query = call.query
    rows = Envelope.objects.filter(account=call.account, is_template=True).select_related("sender", "account")
    rows = _by_folder(call, _by_owner(call, rows))
    for name, column in DATES.items():
        if moment := moment_of(query.get(name, ""), name):
            rows = rows.filter(**{column: moment})
    if query.get("template_ids"):
        rows = rows.filter(guid__in=[part.strip().lower() for part in query.get("template_ids", "").split(",")])
    if text := query.get("search_text"):
        fields = {part.strip().lower() for part in query.get("search_fields", "").split(",")}
        found = Q(template_name__icontains=text)
        if "sender" in fields:
            found |= Q(sender__name__icontains=text) | Q(sender__email__icontains=text)
        if "recipients" in fields:
            found |= Q(recipients__name__icontains=text) | Q(recipients__email__icontains=text)
        rows = rows.filter(found).distinct()
    return rows


def _by_owner(call: Call, rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """One's own, and what is shared with everyone or with a group one is in."""
    is_own = Q(sender=call.user)
    is_shared = Q(options__shared="true") | Q(guid__in=shared_by_group(call))
    wanted = call.query.get("user_filter", "all").lower()
    visible = {"owned_by_me": is_own, "shared_with_me": is_shared & ~is_own, "all": is_own | is_shared}.get(wanted)
    if visible is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for user_filter.")
    if shared_by_me := call.query.get("shared_by_me", "").lower():
        visible &= (is_own & is_shared) if shared_by_me == "true" else ~(is_own & is_shared)
    if user_id := call.query.get("user_id"):
        visible &= Q(sender__guid=user_id.lower())
    return rows.filter(visible)


def _by_folder(call: Call, rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """`recylebin` is how the specification spells it."""
    types = {part.strip().lower() for part in call.query.get("folder_types", "").split(",") if part.strip()}
    ids = {part.strip().lower() for part in call.query.get("folder_ids", "").split(",") if part.strip()}
    bin_names = {"recyclebin", "recylebin", Folder("recyclebin", call.user, call.account).guid}
    if call.flag("is_deleted_template_only") or bin_names & (types | ids):
        return rows.filter(folder="recyclebin")
    rows = rows.exclude(folder="recyclebin")
    if ids and not ids & {_folder(call).guid, TEMPLATES}:
        return rows.none()
    return rows.filter(sender=call.user) if types else rows


def _folder(call: Call) -> Folder:
    return Folder(TEMPLATES, call.user, call.account)


def _ordered(call: Call, rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    column = ORDERS.get(call.query.get("order_by", "name").lower())
    if column is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for order_by.")
    if call.query.get("order", "asc").lower() == "desc":
        return rows.order_by(F(column).desc(nulls_last=True), "-id")
    return rows.order_by(F(column).asc(nulls_first=True), "id")


def _archive(rows: QuerySet[Envelope]) -> bytes:
    """One JSON definition each, good to be posted again."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for template in rows[:LARGEST]:
            definition = definition_of(template) | {"name": template.template_name, "templateId": template.guid}
            for document in definition["documents"]:
                document["documentBase64"] = base64.b64encode(files.load(document.pop("_path"))).decode()
            archive.writestr(f"{template.guid}.json", json.dumps(definition, indent=2))
    return buffer.getvalue()
