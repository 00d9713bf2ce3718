"""Brands with their logos and resource files. None of them changes how the sandbox looks."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from sandbox import files
from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, is_true, list_of, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import Account, Resource

from .answers import content, nothing
from .door import Call, answer
from .kinds import Kind, change, each
from .registry import operation
from .uploads import uploaded, uploaded_image

BRANDS = Kind("brand", "brandId", ("brandCompany", "brandName", "defaultBrandLanguage"))
LISTS = {
    "colors": ("name", "value"),
    "landingPages": ("name", "value"),
    "links": ("linkText", "linkType", "showLink", "urlOrMailTo"),
    "emailContent": ("content", "emailContentType", "emailToLink", "linkText"),
}
DEFAULTS = {"isSendingDefault": "senderBrandIdDefault", "isSigningDefault": "recipientBrandIdDefault"}
LOGO_TYPES = ("primary", "secondary", "email")
RESOURCE_TYPES = {"email": "email", "sending": "sending", "signing": "signing", "signing_captive": "signingCaptive"}
MASTER = b'<?xml version="1.0" encoding="utf-8"?>\n<Resources />\n'
DECORATIVE = "kept and given back; nothing here is drawn in its colours"


@operation("GET", "brands")
def list_brands(call: Call) -> HttpResponse:
    rows = list(BRANDS.rows(call.account))
    return answer({"brands": [_shape(brand) for brand in rows]} | _default_ids(rows))


@operation("POST", "brands", is_for_admins=True, partial=f"JSON only, no zip of brand files; {DECORATIVE}")
def create_brand(call: Call) -> HttpResponse:
    if not call.json.get("brandName"):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'brandName' must be specified.")
    flags = dict.fromkeys(DEFAULTS, False)
    language = {"defaultBrandLanguage": "en", "brandLanguages": ["en"]}
    data = language | flags | _read(call.json) | {"logos": {}, "resources": {}}
    brand = BRANDS.create(call.account, data)
    _take_defaults(brand)
    return answer({"brands": [_shape(brand)]} | _default_ids(BRANDS.rows(call.account)), 201)


@operation("DELETE", "brands", is_for_admins=True)
def delete_brands(call: Call) -> HttpResponse:
    def delete(item: Json) -> dict[str, Any]:
        brand = BRANDS.find(call.account, item.get("brandId"))
        shape = _shape(brand)
        brand.delete()
        return shape

    return answer({"brands": each(list_of(call.json, "brands"), delete, "brandId")})


@operation("GET", "brands/{brandId}")
def get_brand(call: Call, brand_id: str) -> HttpResponse:
    return answer(_shape(BRANDS.find(call.account, brand_id)))


@operation("PUT", "brands/{brandId}", is_for_admins=True, partial=DECORATIVE)
def update_brand(call: Call, brand_id: str) -> HttpResponse:
    brand = change(BRANDS.find(call.account, brand_id), _read(call.json))
    _take_defaults(brand)
    return answer(_shape(brand))


@operation("DELETE", "brands/{brandId}", is_for_admins=True)
def delete_brand(call: Call, brand_id: str) -> HttpResponse:
    BRANDS.find(call.account, brand_id).delete()
    return nothing()


@operation("GET", "brands/{brandId}/file", partial="an export in the sandbox's own XML")
def export_brand(call: Call, brand_id: str) -> HttpResponse:
    brand = BRANDS.find(call.account, brand_id)
    text = json.dumps(_shape(brand)).replace("]]>", "]]&gt;")
    data = f'<?xml version="1.0" encoding="utf-8"?>\n<brand><![CDATA[{text}]]></brand>\n'.encode()
    return content(data, "application/xml", f"brand-{brand.guid}.xml")


@operation("GET", "brands/{brandId}/logos/{logoType}")
def get_logo(call: Call, brand_id: str, logo_type: str) -> HttpResponse:
    logo = BRANDS.find(call.account, brand_id).data["logos"].get(_one_of(logo_type, LOGO_TYPES, "logoType"))
    if not logo:
        raise ApiError("RESOURCE_NOT_FOUND", "The brand has no such logo.")
    return content(files.load(logo["path"]), logo["type"])


@operation("PUT", "brands/{brandId}/logos/{logoType}", is_for_admins=True, partial=DECORATIVE)
def put_logo(call: Call, brand_id: str, logo_type: str) -> HttpResponse:
    brand = BRANDS.find(call.account, brand_id)
    name = _one_of(logo_type, LOGO_TYPES, "logoType")
    change(brand, {"logos": brand.data["logos"] | {name: uploaded_image(call)}})
    return nothing()


@operation("DELETE", "brands/{brandId}/logos/{logoType}", is_for_admins=True)
def delete_logo(call: Call, brand_id: str, logo_type: str) -> HttpResponse:
    brand = BRANDS.find(call.account, brand_id)
    name = _one_of(logo_type, LOGO_TYPES, "logoType")
    change(brand, {"logos": {key: logo for key, logo in brand.data["logos"].items() if key != name}})
    return nothing()


@operation("GET", "brands/{brandId}/resources")
def list_resources(call: Call, brand_id: str) -> HttpResponse:
    brand = BRANDS.find(call.account, brand_id)
    return answer({"resourcesContentTypes": [_resource_shape(brand, name) for name in RESOURCE_TYPES]})


@operation("GET", "brands/{brandId}/resources/{resourceContentType}", partial="the master file is an empty one of ours")
def get_resource(call: Call, brand_id: str, resource_content_type: str) -> HttpResponse:
    brand = BRANDS.find(call.account, brand_id)
    kind = _one_of(resource_content_type, RESOURCE_TYPES, "resourceContentType")
    kept = brand.data["resources"].get(kind)
    is_master = kept is None or call.flag("return_master")
    data = MASTER if is_master else files.load(kept["path"])
    return content(data, "application/xml", f"DocuSign_{kind.title().replace('_', '')}Resource.xml")


@operation("PUT", "brands/{brandId}/resources/{resourceContentType}", is_for_admins=True, partial=DECORATIVE)
def put_resource(call: Call, brand_id: str, resource_content_type: str) -> HttpResponse:
    brand = BRANDS.find(call.account, brand_id)
    kind = _one_of(resource_content_type, RESOURCE_TYPES, "resourceContentType")
    user = {"userId": call.user.guid, "userName": call.user.name, "email": call.user.email}
    kept = {"path": files.save(uploaded(call).content, ".xml"), "by": user}
    change(brand, {"resources": brand.data["resources"] | {kind: kept}})
    return answer(_resource_shape(brand, kind))


def brands_of(account: Account, brand_ids: Iterable[str]) -> list[dict[str, Any]]:
    """The shapes of those that still exist."""
    return [_shape(brand) for brand in BRANDS.rows(account).filter(guid__in=list(brand_ids))]


def _read(item: Json) -> dict[str, Any]:
    """What a brand is made of. Its two defaults are real booleans in Docusign's JSON, as an exception."""
    data: dict[str, Any] = BRANDS.read(item)
    data |= {name: is_true(item[name]) for name in DEFAULTS if item.get(name) is not None}
    if item.get("isOverridingCompanyName") is not None:
        data["isOverridingCompanyName"] = is_true(item["isOverridingCompanyName"])
    for name, texts in LISTS.items():
        if item.get(name) is not None:
            data[name] = [
                {text: text_of(part, text) for text in texts if part.get(text) is not None}
                for part in list_of(item, name)
            ]
    languages = item.get("brandLanguages") or []
    if not isinstance(languages, list) or not all(isinstance(code, str) for code in languages):
        raise ApiError("INVALID_REQUEST_BODY", "brandLanguages must be an array of strings.")
    return data | ({"brandLanguages": languages} if languages else {})


def _take_defaults(brand: Resource) -> None:
    """There is one default for sending and one for signing."""
    for other in BRANDS.rows(brand.account).exclude(pk=brand.pk):
        lost = {name: False for name in DEFAULTS if brand.data[name] and other.data[name]}
        if lost:
            change(other, lost)


def _default_ids(rows: Iterable[Resource]) -> dict[str, str]:
    return {key: brand.guid for brand in rows for name, key in DEFAULTS.items() if brand.data[name]}


def _one_of(value: str, known: Iterable[str], name: str) -> str:
    if value.lower() not in known:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.")
    return value.lower()


def _shape(brand: Resource) -> dict[str, Any]:
    uri = f"/brands/{brand.guid}"
    flags = {name: bool(brand.data[name]) for name in DEFAULTS}
    own_name = {"isOverridingCompanyName": bool(brand.data.get("isOverridingCompanyName"))}
    logos = {name: f"{uri}/logos/{name}" for name in brand.data["logos"]}
    resources = {key: f"{uri}/resources/{name}" for name, key in RESOURCE_TYPES.items()}
    return spelled({"brandId": brand.guid} | brand.data | {"logos": logos, "resources": resources}) | flags | own_name


def _resource_shape(brand: Resource, kind: str) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "resourcesContentType": kind,
        "resourcesContentUri": f"/brands/{brand.guid}/resources/{kind}",
        "createdDate": docusign_time(brand.created_at),
        "modifiedDate": docusign_time(brand.modified_at),
    }
    kept = brand.data["resources"].get(kind)
    return shape | ({"modifiedByUserInfo": kept["by"]} if kept else {})
