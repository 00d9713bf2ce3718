"""FavoriteTemplates: each user's own."""

from typing import Any

from django.http import HttpResponse

from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, list_of
from sandbox.definition.templates import find
from sandbox.models import Envelope, Resource

from .door import Call, answer
from .kinds import Kind, each
from .registry import operation

FAVORITES = Kind("favorite_template", "favoriteId", ("userId", "templateId"))


@operation("GET", "favorite_templates")
def list_favorites(call: Call) -> HttpResponse:
    return answer({"favoriteTemplates": [_shape(row) for row in _mine(call)]})


@operation("PUT", "favorite_templates")
def add_favorites(call: Call) -> HttpResponse:
    def add(item: Json) -> dict[str, Any]:
        data = {"userId": call.user.guid, "templateId": find(call.account, item.get("templateId")).guid}
        present = FAVORITES.rows(call.account).filter(data=data).first()
        return _shape(present or FAVORITES.create(call.account, data))

    return _changed(call, each(list_of(call.json, "favoriteTemplates"), add, "templateId"))


@operation("DELETE", "favorite_templates")
def remove_favorites(call: Call) -> HttpResponse:
    def remove(item: Json) -> dict[str, Any]:
        template_id = find(call.account, item.get("templateId")).guid
        FAVORITES.rows(call.account).filter(data={"userId": call.user.guid, "templateId": template_id}).delete()
        return {"templateId": template_id}

    return _changed(call, each(list_of(call.json, "favoriteTemplates"), remove, "templateId"))


def is_favorite(call: Call, template: Envelope) -> bool:
    return any(row.data["templateId"] == template.guid for row in _mine(call))


def _mine(call: Call) -> list[Resource]:
    return [row for row in FAVORITES.rows(call.account) if row.data["userId"] == call.user.guid]


def _changed(call: Call, results: list[dict[str, Any]]) -> HttpResponse:
    done = [result for result in results if "errorDetails" not in result]
    return answer({"favoriteTemplates": results, "templatesUpdatedCount": len(done)})


def _shape(row: Resource) -> dict[str, Any]:
    return {"templateId": row.data["templateId"], "favoritedDate": docusign_time(row.created_at)}
