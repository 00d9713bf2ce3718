"""An account's own signatures and stamps, which its users and groups may sign with; and their images."""

from typing import Any

from django.http import HttpResponse

from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, list_of, object_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Account, Resource

from .answers import nothing
from .door import Call, answer
from .kinds import Kind, change, each
from .registry import operation
from .uploads import uploaded_image
from .user_signatures import SIGNATURES, checked, image_of

KIND = Kind("account_signature", "signatureId", (*SIGNATURES.texts, "disallowUserResizeStamp", "imageType", "status"))
URI_NAMES = {
    "signature_image": "signatureImageUri",
    "initials_image": "initialsImageUri",
    "stamp_image": "stampImageUri",
}
DATE_AREA = ("dateAreaHeight", "dateAreaWidth", "dateAreaX", "dateAreaY")
HOLDERS = {"signatureUsers": ("userId", "isDefault", "rights"), "signatureGroups": ("groupId", "rights")}
KEPT = "kept and given back; the ceremony offers none of them"
ONE = "signatures/{signatureId}"


@operation("GET", "signatures")
def list_signatures(call: Call) -> HttpResponse:
    """`stamp_type`, `stamp_format` and `stamp_name` choose among them."""
    asked = {"stampType": "stamp_type", "stampFormat": "stamp_format", "signatureName": "stamp_name"}
    wanted = {
        name: call.query.get(parameter, "").lower() for name, parameter in asked.items() if call.query.get(parameter)
    }
    shapes = [_shape(row) for row in KIND.rows(call.account)]
    fitting = [s for s in shapes if all(str(s.get(name, "")).lower() == value for name, value in wanted.items())]
    return answer({"accountSignatures": fitting})


@operation("POST", "signatures", is_for_admins=True, partial=KEPT)
def create_signatures(call: Call) -> HttpResponse:
    """With `decode_only` nothing is kept."""
    items = list_of(call.json, "accountSignatures")
    created = each(items, lambda item: _shape(_create(call.account, item)), "signatureName")
    if call.flag("decode_only"):
        for shape in created:
            KIND.rows(call.account).filter(guid=shape.get("signatureId", "")).delete()
    return answer({"accountSignatures": created}, 201)


@operation("PUT", "signatures", is_for_admins=True, partial=KEPT)
def put_signatures(call: Call) -> HttpResponse:
    """Those with an id are changed, the others are new."""

    def put(item: Json) -> dict[str, Any]:
        if not item.get("signatureId"):
            return _shape(_create(call.account, item))
        return _shape(change(KIND.find(call.account, item["signatureId"]), _read(item)))

    return answer({"accountSignatures": each(list_of(call.json, "accountSignatures"), put, "signatureId")})


@operation("GET", ONE)
def get_signature(call: Call, signature_id: str) -> HttpResponse:
    return answer(_shape(KIND.find(call.account, signature_id)))


@operation("PUT", ONE, is_for_admins=True, partial=KEPT)
def put_signature(call: Call, signature_id: str) -> HttpResponse:
    """`close_existing_signature`: it is used no more."""
    closed = {"status": "closed"} if call.flag("close_existing_signature") else {}
    return answer(_shape(change(KIND.find(call.account, signature_id), _read(call.json) | closed)))


@operation("DELETE", ONE, is_for_admins=True)
def delete_signature(call: Call, signature_id: str) -> HttpResponse:
    KIND.find(call.account, signature_id).delete()
    return nothing()


@operation("GET", f"{ONE}/{{imageType}}")
def get_image(call: Call, signature_id: str, image_type: str) -> HttpResponse:
    return image_of(call, KIND.find(call.account, signature_id), image_type)


@operation("PUT", f"{ONE}/{{imageType}}", is_for_admins=True)
def put_image(call: Call, signature_id: str, image_type: str) -> HttpResponse:
    signature = KIND.find(call.account, signature_id)
    images = signature.data["images"] | {checked(image_type): uploaded_image(call)}
    return answer(_shape(change(signature, {"images": images})))


@operation("DELETE", f"{ONE}/{{imageType}}", is_for_admins=True)
def delete_image(call: Call, signature_id: str, image_type: str) -> HttpResponse:
    signature = KIND.find(call.account, signature_id)
    images = signature.data["images"] | {checked(image_type): None}
    return answer(_shape(change(signature, {"images": images})))


def _create(account: Account, item: Json) -> Resource:
    data = {"signatureType": "account", "status": "active", "isDefault": "false", "images": {}, **_read(item)}
    if not (data.get("signatureName") or data.get("stampType")):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'signatureName' must be specified.")
    return KIND.create(account, data)


def _read(item: Json) -> dict[str, Any]:
    data: dict[str, Any] = KIND.read(item)
    if item.get("dateStampProperties"):
        area = object_of(item, "dateStampProperties")
        data["dateStampProperties"] = {
            name: text_of(area, name, 20) for name in DATE_AREA if area.get(name) is not None
        }
    for group, names in HOLDERS.items():
        if item.get(group) is not None:
            data[group] = [
                {n: text_of(one, n, 100) for n in names if one.get(n) is not None} for one in list_of(item, group)
            ]
    return data


def _shape(signature: Resource) -> dict[str, Any]:
    shape = {name: value for name, value in KIND.shape(signature).items() if name != "images"}
    uris = {name: f"/signatures/{signature.guid}/{image_type}" for image_type, name in URI_NAMES.items()}
    if not signature.data["images"].get("stamp_image"):
        del uris["stampImageUri"]
    moments = {"createdDateTime": signature.created_at, "lastModifiedDateTime": signature.modified_at}
    return shape | uris | {name: docusign_time(at) for name, at in moments.items()}
