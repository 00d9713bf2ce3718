"""Things of an account without rules of their own: one way to find, keep, change and show them.

They are kept as Docusign's JSON spells them (`models.Resource`). Ids are GUIDs or, of the older kinds, numbers.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from sandbox import clock
from sandbox.definition.reading import Json, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import Account, Resource
from sandbox.models.resource import FIRST_NUMBER

MAX_TEXT = 4000
MAX_NUMBER = 10**12


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    id_name: str
    texts: Sequence[str] = ()  # the properties that are strings; others are the module's own to read
    is_numbered: bool = False

    def rows(self, account: Account) -> QuerySet[Resource]:
        return Resource.objects.filter(account=account, kind=self.name)

    def find(self, account: Account, wanted: object) -> Resource:
        """Raises INVALID_REQUEST_PARAMETER, naming the id."""
        rows, text = self.rows(account), str(wanted or "").lower()
        if not self.is_numbered:
            found = rows.filter(guid=text).first()
        elif text.isascii() and text.isdecimal() and int(text) < MAX_NUMBER:
            found = rows.filter(pk=int(text) - FIRST_NUMBER).first()
        else:
            found = None
        if found is None:
            raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {self.id_name}.")
        return found

    def create(self, account: Account, data: Json) -> Resource:
        now = clock.now()
        return Resource.objects.create(
            account=account, kind=self.name, data=dict(data), created_at=now, modified_at=now
        )

    def ensure(self, account: Account, key: str, data: Json) -> Resource:
        """One that every account has; made when first looked for, with a GUID that is always the same."""
        now = clock.now()
        resource, _ = Resource.objects.get_or_create(
            guid=str(uuid.uuid5(uuid.UUID(account.guid), f"{self.name}/{key}")),
            defaults={
                "account": account,
                "kind": self.name,
                "data": dict(data),
                "created_at": now,
                "modified_at": now,
            },
        )
        return resource

    def read(self, item: Json) -> dict[str, Any]:
        """The strings that were given. Raises INVALID_REQUEST_BODY, INVALID_REQUEST_PARAMETER."""
        return {name: text_of(item, name, MAX_TEXT) for name in self.texts if item.get(name) is not None}

    def id_of(self, resource: Resource) -> str:
        return resource.number if self.is_numbered else resource.guid

    def shape(self, resource: Resource) -> dict[str, Any]:
        return {self.id_name: self.id_of(resource)} | spelled(resource.data)


def change(resource: Resource, data: Mapping[str, Any]) -> Resource:
    """What is given replaces what was; the rest stays."""
    resource.data = resource.data | dict(data)
    resource.modified_at = clock.now()
    resource.save(update_fields=["data", "modified_at"])
    return resource


def each(items: Iterable[Json], deed: Callable[[Json], dict[str, Any]], *echo: str) -> list[dict[str, Any]]:
    """Each item on its own: one that is refused says so in `errorDetails` and stops no other (reference 5.2).

    `echo`: the properties by which a refused item is told apart.
    """
    results = []
    for item in items:
        try:
            with transaction.atomic():
                results.append(deed(item))
        except ApiError as error:
            known = {name: spelled(item[name]) for name in echo if isinstance(item.get(name), str | int)}
            results.append(known | {"errorDetails": {"errorCode": error.error_code, "message": error.message}})
    return results
