"""Workspaces: rooms of files, each with one folder, its root."""

import base64
import hashlib
from typing import Any

from django.http import HttpResponse

from sandbox import files
from sandbox.clock import docusign_time
from sandbox.definition.reading import is_true, list_of, object_of, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import Resource, User

from .answers import content, nothing
from .door import Call, answer
from .kinds import Kind, change
from .paging import page
from .registry import operation
from .uploads import uploaded

SPACES = Kind("workspace", "workspaceId", ("workspaceName", "workspaceDescription", "status"))
FILES = Kind("workspace_file", "id", ("name", "isPublic"))
ONE = "workspaces/{workspaceId}"
FOLDER = f"{ONE}/folders/{{folderId}}"
FILE = f"{FOLDER}/files/{{fileId}}"
OF_A_LIST = ("resultSetSize", "startPosition", "endPosition", "totalSetSize")
MAX_NAME = 200
FLAT = "one folder, the root, whose id is the workspace's"


@operation("GET", "workspaces")
def list_workspaces(call: Call) -> HttpResponse:
    paged = page(call, SPACES.rows(call.account), "workspaces", lambda row: _shape(call, row))
    return answer({name: value for name, value in paged.items() if name in ("workspaces", *OF_A_LIST)})


@operation("POST", "workspaces")
def create_workspace(call: Call) -> HttpResponse:
    data = {"status": "active", "owner": call.user.guid, **SPACES.read(call.json)}
    if not data.get("workspaceName"):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'workspaceName' must be specified.")
    return answer(_shape(call, SPACES.create(call.account, data)), 201)


@operation("GET", ONE)
def get_workspace(call: Call, workspace_id: str) -> HttpResponse:
    return answer(_shape(call, SPACES.find(call.account, workspace_id)))


@operation("PUT", ONE)
def update_workspace(call: Call, workspace_id: str) -> HttpResponse:
    data = SPACES.read(call.json)
    if call.json.get("settings"):
        comments = text_of(object_of(call.json, "settings"), "commentsAllowed", 10)
        data["settings"] = {"commentsAllowed": comments}
    return answer(_shape(call, change(SPACES.find(call.account, workspace_id), data)))


@operation("DELETE", ONE)
def delete_workspace(call: Call, workspace_id: str) -> HttpResponse:
    space = SPACES.find(call.account, workspace_id)
    shape = _shape(call, space) | {"status": "deleted"}
    for item in _files_of(call, space):
        item.delete()
    space.delete()
    return answer(shape)


@operation("GET", FOLDER, partial=FLAT)
def list_folder(call: Call, workspace_id: str, folder_id: str) -> HttpResponse:
    space = _space(call, workspace_id, folder_id)
    wanted = _files_of(call, space) if call.query.get("include_files", "true").lower() != "false" else []
    paged = page(call, wanted, "items", lambda row: _file_shape(space, row, call.user))
    shown = {name: value for name, value in paged.items() if name in ("items", *OF_A_LIST)}
    return answer({"workspaceId": space.guid, "folder": _root(space), "parentFolders": [], **shown})


@operation("DELETE", FOLDER, partial=FLAT)
def delete_items(call: Call, workspace_id: str, folder_id: str) -> HttpResponse:
    space = _space(call, workspace_id, folder_id)
    gone = [_file(call, space, text_of(item, "id")) for item in list_of(call.json, "items")]
    for item in gone:
        item.delete()
    return nothing()


@operation("POST", f"{FOLDER}/files", partial=FLAT)
def create_file(call: Call, workspace_id: str, folder_id: str) -> HttpResponse:
    """One, raw or as the part of a multipart body, or as `{"name": …, "data": base64}`."""
    space = _space(call, workspace_id, folder_id)
    return answer(
        _file_shape(space, FILES.create(call.account, _received(call) | {"space": space.guid}), call.user), 201
    )


@operation("GET", FILE, partial=f"{FLAT}; pdf_version gives the file as it is")
def get_file(call: Call, workspace_id: str, folder_id: str, file_id: str) -> HttpResponse:
    data = _file(call, _space(call, workspace_id, folder_id), file_id).data
    name = "".join(c for c in data["name"] if c.isascii() and c.isprintable() and c not in '"\\')
    return content(files.load(data["path"]), data["contentType"], name or "file")


@operation("PUT", FILE, partial=FLAT)
def update_file(call: Call, workspace_id: str, folder_id: str, file_id: str) -> HttpResponse:
    """New content, or in JSON a new name."""
    space = _space(call, workspace_id, folder_id)
    item = _file(call, space, file_id)
    is_json = (call.request.content_type or "") == "application/json" and call.request.body
    data = FILES.read(call.json) if is_json else _received(call)
    return answer(_file_shape(space, change(item, data), call.user))


@operation("GET", f"{FILE}/pages", partial="no pictures are made of them")
def list_pages(call: Call, workspace_id: str, folder_id: str, file_id: str) -> HttpResponse:
    _file(call, _space(call, workspace_id, folder_id), file_id)
    return answer(page(call, [], "pages", dict))


def _received(call: Call) -> dict[str, Any]:
    if (call.request.content_type or "") == "application/json":
        try:
            body, kind = base64.b64decode(text_of(call.json, "data"), validate=True), "application/octet-stream"
        except ValueError:
            raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for data.") from None
        name = text_of(call.json, "name", MAX_NAME)
    else:
        upload = uploaded(call)
        body, kind, name = upload.content, upload.content_type, upload.file_name[:MAX_NAME]
    if not body:
        raise ApiError("INVALID_REQUEST_BODY")
    sizes = {"fileSize": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    return {"name": name or "file", "contentType": kind, "path": files.save(body, ".file"), **sizes}


def _space(call: Call, workspace_id: str, folder_id: str) -> Resource:
    space = SPACES.find(call.account, workspace_id)
    if folder_id.lower() not in (space.guid, "root"):
        raise ApiError("FOLDER_DOES_NOT_EXIST")
    return space


def _files_of(call: Call, space: Resource) -> list[Resource]:
    return [item for item in FILES.rows(call.account) if item.data["space"] == space.guid]


def _file(call: Call, space: Resource, file_id: str) -> Resource:
    found = next((item for item in _files_of(call, space) if item.guid == file_id.lower()), None)
    if found is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for fileId.")
    return found


def _shape(call: Call, space: Resource) -> dict[str, Any]:
    shape = {name: value for name, value in SPACES.shape(space).items() if name != "owner"}
    who = {"userId": call.user.guid, "userName": call.user.name, "email": call.user.email}
    return shape | {
        "workspaceUri": f"/workspaces/{space.guid}",
        "billableAccountId": space.account.guid,
        "created": docusign_time(space.created_at),
        "lastModified": docusign_time(space.modified_at),
        "callerInformation": who,
    }


def _root(space: Resource) -> dict[str, Any]:
    uri = f"/workspaces/{space.guid}/folders/{space.guid}"
    return {"id": space.guid, "name": "root", "type": "folder", "uri": uri}


def _file_shape(space: Resource, item: Resource, user: User) -> dict[str, Any]:
    data = item.data
    uri = f"{_root(space)['uri']}/files/{item.guid}"
    return {
        "id": item.guid,
        "name": data["name"],
        "type": "file",
        "extension": data["name"].rpartition(".")[2] if "." in data["name"] else "",
        "contentType": data["contentType"],
        "fileSize": spelled(data["fileSize"]),
        "sha256": data["sha256"],
        "isPublic": spelled(is_true(data.get("isPublic"))),
        "parentFolderId": space.guid,
        "parentFolderUri": _root(space)["uri"],
        "uri": uri,
        "fileUri": uri,
        "created": docusign_time(item.created_at),
        "createdById": user.guid,
        "lastModified": docusign_time(item.modified_at),
    }
