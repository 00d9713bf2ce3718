"""Addresses that get a blind copy of the account's mails (BCC email archives)."""

from typing import Any

from django.http import HttpResponse

from sandbox.clock import docusign_time
from sandbox.definition.reading import is_email, text_of
from sandbox.errors import ApiError
from sandbox.models import Resource

from .answers import nothing
from .door import Call, answer
from .kinds import Kind, change
from .paging import page
from .registry import operation

KIND = Kind("bcc_email_archive", "bccEmailArchiveId")
PATH = "settings/bcc_email_archives"
KEPT = "kept and told; the mails themselves are only kept here, and no copies are made"


@operation("GET", PATH)
def list_archives(call: Call) -> HttpResponse:
    return answer(page(call, KIND.rows(call.account), "bccEmailArchives", lambda row: _shape(call, row)))


@operation("POST", PATH, is_for_admins=True, partial=KEPT)
def create_archive(call: Call) -> HttpResponse:
    email = text_of(call.json, "email", 100)
    if not is_email(email):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for email.")
    who = {"userId": call.user.guid, "userName": call.user.name, "email": call.user.email}
    data = {"email": email, "status": "activation_sent", "createdBy": who, "modifiedBy": who}
    return answer(_shape(call, KIND.create(call.account, data)), 201)


@operation("GET", f"{PATH}/{{bccEmailArchiveId}}")
def get_history(call: Call, bcc_email_archive_id: str) -> HttpResponse:
    """What was done to it, the latest last."""
    archive = KIND.find(call.account, bcc_email_archive_id)
    moments = [("CREATED", archive.created_at, "activation_sent")]
    if archive.data["status"] == "closed":
        moments.append(("CLOSED", archive.modified_at, "closed"))
    history = [
        {
            "accountId": call.account.guid,
            "action": action,
            "email": archive.data["email"],
            "modified": docusign_time(at),
            "modifiedBy": archive.data["modifiedBy"],
            "status": status,
        }
        for action, at, status in moments
    ]
    return answer(page(call, history, "bccEmailArchiveHistory", dict))


@operation("DELETE", f"{PATH}/{{bccEmailArchiveId}}", is_for_admins=True)
def close_archive(call: Call, bcc_email_archive_id: str) -> HttpResponse:
    """It is closed, and stays in the list."""
    change(KIND.find(call.account, bcc_email_archive_id), {"status": "closed"})
    return nothing()


def _shape(call: Call, archive: Resource) -> dict[str, Any]:
    return KIND.shape(archive) | {
        "accountId": call.account.guid,
        "created": docusign_time(archive.created_at),
        "modified": docusign_time(archive.modified_at),
        "uri": f"/{PATH}/{archive.guid}",
    }
