"""The account's eNote (electronic vault) configuration."""

from typing import Any

from django.http import HttpResponse

from sandbox.definition.reading import text_of

from .answers import nothing
from .door import Call, answer
from .kinds import Kind, change
from .registry import operation

KIND = Kind("enote_configuration", "", ("apiKey", "organization", "password", "userName"))
PATH = "settings/enote_configuration"
SECRETS = ("apiKey", "password")  # taken, never told
KEPT = "kept and told; there is no vault"


@operation("GET", PATH, is_for_admins=True, partial=KEPT)
def get_configuration(call: Call) -> HttpResponse:
    kept = KIND.rows(call.account).first()
    return answer(_shape(kept.data if kept else {}))


@operation("PUT", PATH, is_for_admins=True, partial=KEPT)
def put_configuration(call: Call) -> HttpResponse:
    given = {name: text_of(call.json, name, 200) for name in KIND.texts if call.json.get(name) is not None}
    return answer(_shape(change(KIND.ensure(call.account, "", {}), given).data))


@operation("DELETE", PATH, is_for_admins=True, partial=KEPT)
def delete_configuration(call: Call) -> HttpResponse:
    KIND.rows(call.account).delete()
    return nothing()


def _shape(data: dict[str, Any]) -> dict[str, str]:
    told = {name: str(value) for name, value in data.items() if name not in SECRETS}
    return told | {"eNoteConfigured": "true" if data else "false", "connectConfigured": "false"}
