"""The account's Connect configuration: looked for by our address, made or mended until it is as it should be.

Only for DOCUSIGN_CONNECT=account; needs a service user with administrator's rights at Docusign.
"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from .connection import connect
from .docusign import Client
from .payloads import connect_configuration


@dataclass(frozen=True, slots=True)
class Registration:
    """How it stands at Docusign. `wrong` names the properties that are not as they should be."""

    connect_id: str = ""
    wrong: list[str] = field(default_factory=list)

    @property
    def exists(self) -> bool:
        return bool(self.connect_id)

    @property
    def is_good(self) -> bool:
        return self.exists and not self.wrong


def check() -> Registration:
    """Look, change nothing. Calls Docusign; raises DocusignError."""
    return look(connect())


def look(client: Client) -> Registration:
    """The same through a client at hand."""
    wanted = _wanted()
    for found in client.list_connect_configurations():
        if found.get("urlToPublishTo") == wanted["urlToPublishTo"]:
            wrong = [name for name, value in wanted.items() if not _is_as_wanted(value, found.get(name))]
            return Registration(str(found["connectId"]), wrong)
    return Registration()


def register() -> Registration:
    """Make or mend it; how it stood before. Repeating it changes nothing. Calls Docusign; raises DocusignError."""
    before = check()
    if not before.exists:
        connect().create_connect_configuration(_wanted())
    elif before.wrong:
        connect().update_connect_configuration(_wanted() | {"connectId": before.connect_id})
    return before


def _wanted() -> dict[str, Any]:
    return connect_configuration(settings.DOCUSIGN_USER_ID)


def _is_as_wanted(wanted: Any, found: Any) -> bool:
    """Docusign answers strings, may add what it was not asked for, and keeps no order in lists."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_is_as_wanted(value, found.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and {str(item).lower() for item in wanted} <= {
            str(item).lower() for item in found
        }
    return str(wanted).lower() == str(found).lower()
