"""A user's adopted signatures and their images."""

from typing import Any

from django.http import HttpResponse

from sandbox import files
from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, is_true, list_of
from sandbox.errors import ApiError
from sandbox.ink.mark import Signature
from sandbox.ink.pictures import picture
from sandbox.models import Membership, Resource

from .answers import content, nothing
from .door import Call, answer
from .kinds import Kind, change, each
from .members import own_or_administered
from .registry import operation
from .uploads import uploaded_image

SIGNATURES = Kind(
    "user_signature",
    "signatureId",
    (
        "customField",
        "externalID",
        "isDefault",
        "phoneticName",
        "signatureFont",
        "signatureInitials",
        "signatureName",
        "signatureRights",
        "signatureType",
        "stampFormat",
        "stampSizeMM",
        "stampType",
    ),
)
IMAGE_TYPES = ("signature_image", "initials_image", "stamp_image")
URI_NAMES = {"signature_image": "signatureImageUri", "initials_image": "initialsImageUri"}
PATH = "users/{userId}/signatures"


@operation("GET", PATH)
def list_signatures(call: Call, user_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    return answer({"userSignatures": [_shape(signature, member) for signature in _of(member)]})


@operation("POST", PATH)
def create_signatures(call: Call, user_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    created = each(list_of(call.json, "userSignatures"), lambda item: _create(member, item), "signatureName")
    return answer({"userSignatures": created}, 201)


@operation("PUT", PATH)
def put_signatures(call: Call, user_id: str) -> HttpResponse:
    """Those with an id are changed, the others are new."""
    member = own_or_administered(call, user_id)

    def put(item: Json) -> dict[str, Any]:
        if not item.get("signatureId"):
            return _create(member, item)
        return _shape(change(_find(member, item["signatureId"]), SIGNATURES.read(item)), member)

    return answer({"userSignatures": each(list_of(call.json, "userSignatures"), put, "signatureId")})


@operation("GET", f"{PATH}/{{signatureId}}")
def get_signature(call: Call, user_id: str, signature_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    return answer(_shape(_find(member, signature_id), member))


@operation("PUT", f"{PATH}/{{signatureId}}")
def put_signature(call: Call, user_id: str, signature_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    signature = change(_find(member, signature_id), SIGNATURES.read(call.json))
    if is_true(call.json.get("isDefault")):
        _make_only_default(signature, member)
    return answer(_shape(signature, member))


@operation("DELETE", f"{PATH}/{{signatureId}}")
def delete_signature(call: Call, user_id: str, signature_id: str) -> HttpResponse:
    _find(own_or_administered(call, user_id), signature_id).delete()
    return nothing()


@operation("GET", f"{PATH}/{{signatureId}}/{{imageType}}")
def get_image(call: Call, user_id: str, signature_id: str, image_type: str) -> HttpResponse:
    return image_of(call, _find(own_or_administered(call, user_id), signature_id), image_type)


def image_of(call: Call, signature: Resource, image_type: str) -> HttpResponse:
    """What was uploaded; else the name, written, unless that was deleted. `include_chrome`: as it stands on paper."""
    images = signature.data["images"]
    image = images.get(checked(image_type))
    if image and not call.flag("include_chrome"):
        return content(files.load(image["path"]), image["type"])
    if not image and (image_type in images or image_type == "stamp_image"):
        raise ApiError("RESOURCE_NOT_FOUND", "The signature has no such image.")
    uploaded = files.load(image["path"]) if image else b""
    own = Signature(
        name=str(signature.data.get("signatureName") or ""),
        initials=str(signature.data.get("signatureInitials") or ""),
        image=uploaded,
        initials_image=uploaded,
        reference=signature.guid.replace("-", "").upper()[:16],
    )
    is_initials = image_type == "initials_image"
    return content(picture(own, is_initials=is_initials, has_chrome=call.flag("include_chrome")), "image/gif")


@operation("PUT", f"{PATH}/{{signatureId}}/{{imageType}}")
def put_image(call: Call, user_id: str, signature_id: str, image_type: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    signature = _find(member, signature_id)
    images = signature.data["images"] | {checked(image_type): uploaded_image(call)}
    return answer(_shape(change(signature, {"images": images}), member))


@operation("DELETE", f"{PATH}/{{signatureId}}/{{imageType}}")
def delete_image(call: Call, user_id: str, signature_id: str, image_type: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    signature = _find(member, signature_id)
    images = signature.data["images"] | {checked(image_type): None}
    return answer(_shape(change(signature, {"images": images}), member))


def _of(member: Membership) -> list[Resource]:
    rows = SIGNATURES.rows(member.account)
    return [signature for signature in rows if signature.data["userId"] == member.user.guid]


def _find(member: Membership, signature_id: object) -> Resource:
    signature = SIGNATURES.find(member.account, signature_id)
    if signature.data["userId"] != member.user.guid:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for signatureId.")
    return signature


def _create(member: Membership, item: Json) -> dict[str, Any]:
    is_first = not _of(member)
    names = {"signatureName": member.user.name, "signatureInitials": _initials(member.user.name)}
    data = {"isDefault": is_first, "signatureType": "personal", **names, **SIGNATURES.read(item)}
    signature = SIGNATURES.create(member.account, data | {"userId": member.user.guid, "images": {}})
    if is_true(data["isDefault"]):
        _make_only_default(signature, member)
    return _shape(signature, member)


def _make_only_default(signature: Resource, member: Membership) -> None:
    for other in _of(member):
        change(other, {"isDefault": other.pk == signature.pk})
    signature.refresh_from_db()


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())[:10].upper()


def checked(image_type: str) -> str:
    if image_type not in IMAGE_TYPES:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for imageType.")
    return image_type


def _shape(signature: Resource, member: Membership) -> dict[str, Any]:
    uri = f"/users/{member.user.guid}/signatures/{signature.guid}"
    shape = {name: value for name, value in SIGNATURES.shape(signature).items() if name not in ("userId", "images")}
    uris = {name: f"{uri}/{image_type}" for image_type, name in URI_NAMES.items()}
    moments = {"createdDateTime": docusign_time(signature.created_at), "status": "saved"}
    return shape | uris | moments | {"lastModifiedDateTime": docusign_time(signature.modified_at)}
