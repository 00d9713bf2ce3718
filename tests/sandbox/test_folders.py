"""Folders: where envelopes lie, and what moving them does."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.robot import Robot
from tests.contract.specification import assert_matches
from tests.sandbox_process import SandboxProcess

from .api import Api, definition, signer
from .people import act_as, alex_of, only


def items(api: Api, folder_id: str) -> list[str]:
    folder = only(api.call("GET", f"/folders/{folder_id}?include_items=true").json()["folders"])
    return [item["envelopeId"] for item in folder["folderItems"]]


def found(api: Api, search: str) -> list[str]:
    data = api.call("GET", f"/search_folders/{search}").json()
    return [item["envelopeId"] for item in data["folderItems"]]


def move(api: Api, folder_id: str, *envelope_ids: str, **more: str) -> Any:
    return api.call("PUT", f"/folders/{folder_id}", {"envelopeIds": list(envelope_ids)} | more)


def test_drafts_and_sent_envelopes_lie_apart(api: Api) -> None:
    draft, sent = api.envelope(status="created"), api.envelope()
    assert (items(api, "draft"), items(api, "sentitems")) == ([draft], [sent])


def test_folders_are_listed_with_what_is_in_them(api: Api, specification: Path) -> None:
    api.envelope()
    data = api.call("GET", "/folders?include=envelope_folders,template_folders&include_items=true").json()
    assert_matches(specification, "foldersResponse", data)
    counts = {folder["type"]: folder["itemCount"] for folder in data["folders"]}
    assert counts == {"inbox": "0", "sentitems": "1", "draft": "0", "recyclebin": "0", "normal": "0"}


def test_a_folder_is_found_by_its_id_too(api: Api, specification: Path) -> None:
    envelope_id = api.envelope()
    folders = api.call("GET", "/folders").json()["folders"]
    sent_items = next(folder for folder in folders if folder["type"] == "sentitems")
    data = api.call("GET", f"/folders/{sent_items['folderId']}?include_items=true").json()
    assert_matches(specification, "folderItemsResponse", data)
    assert only(only(data["folders"])["folderItems"])["envelopeId"] == envelope_id


def test_an_envelope_is_moved(api: Api, specification: Path) -> None:
    envelope_id = api.envelope()
    response = move(api, "draft", envelope_id, fromFolderId="sentitems")
    assert response.status_code == 200
    assert_matches(specification, "foldersResponse", response.json())
    assert (items(api, "draft"), items(api, "sentitems")) == ([envelope_id], [])


def test_moving_tells_which_envelopes_were_moved(api: Api) -> None:
    envelope_id = api.envelope()
    moved = only(move(api, "recyclebin", envelope_id).json()["envelopes"])
    assert (moved["envelopeId"], moved["status"]) == (envelope_id, "voided")


@pytest.mark.parametrize(
    ("folder_ids", "expected"), [("draft", 0), ("sentitems", 1), ("draft,sentitems,recyclebin", 2)]
)
def test_envelopes_are_listed_by_folder(api: Api, folder_ids: str, expected: int) -> None:
    api.envelope()
    move(api, "recyclebin", api.envelope())
    data = api.call("GET", f"/envelopes?from_date=2020-01-01&folder_ids={folder_ids}").json()
    assert data["totalSetSize"] == str(expected)


def test_into_the_recycle_bin_means_void(api: Api) -> None:
    open_one, draft = api.envelope(), api.envelope(status="created")
    assert move(api, "recyclebin", open_one, draft).status_code == 200
    assert (api.get(open_one)["status"], api.get(draft)["status"]) == ("voided", "created")
    assert set(items(api, "recyclebin")) == {open_one, draft}


@pytest.mark.parametrize(
    ("folder_id", "body", "error_code"),
    [
        ("nowhere", {}, "FOLDER_DOES_NOT_EXIST"),
        ("draft", {"fromFolderId": "draft"}, "ENVELOPE_NOT_IN_FOLDER"),
        ("draft", {"fromFolderId": "nowhere"}, "FOLDER_DOES_NOT_EXIST"),
        ("draft", {"envelopeIds": []}, "INVALID_REQUEST_PARAMETER"),
        ("draft", {"envelopeIds": ["x"]}, "INVALID_REQUEST_PARAMETER"),
        ("draft", {"envelopeIds": ["00000000-0000-0000-0000-000000000000"]}, "ENVELOPE_DOES_NOT_EXIST"),
    ],
)
def test_a_wrong_move_is_refused(api: Api, folder_id: str, body: dict[str, Any], error_code: str) -> None:
    envelope_id = api.envelope()
    response = api.call("PUT", f"/folders/{folder_id}", {"envelopeIds": [envelope_id]} | body)
    assert response.json()["errorCode"] == error_code
    assert items(api, "sentitems") == [envelope_id]


def test_what_others_sent_one_lies_in_the_inbox(api: Api, sandbox: SandboxProcess) -> None:
    person = signer(1, email="alex@sandbox.example", name="Alex Sender", clientUserId=None)
    envelope_id = api.envelope(recipients={"signers": [person]})
    alex = act_as(sandbox, alex_of(api))
    assert (items(alex, "inbox"), items(alex, "sentitems")) == ([envelope_id], [])
    assert found(alex, "awaiting_my_signature") == [envelope_id]
    assert found(alex, "out_for_signature") == []


def test_search_folders_follow_the_envelopes_state(api: Api, specification: Path) -> None:
    draft, sent = api.envelope(status="created"), api.envelope()
    done = api.envelope(recipients=definition()["recipients"] | {"signers": [signer(1)]})
    Robot().sign(api.view_url(done, 1))
    assert (found(api, "drafts"), found(api, "out_for_signature"), found(api, "completed")) == ([draft], [sent], [done])
    data = api.call("GET", "/search_folders/completed?include_recipients=true&order=asc&all=true").json()
    assert_matches(specification, "folderItemResponse", data)
    assert data["totalRows"] == "1"


def test_search_folders_look_back_thirty_days(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope()
    sandbox.advance(31 * 86_400)
    api = Api(sandbox)
    assert found(api, "out_for_signature") == []
    assert found(api, "out_for_signature?from_date=2020-01-01") == [envelope_id]
    assert api.call("GET", "/search_folders/elsewhere").json()["errorCode"] == "INVALID_REQUEST_PARAMETER"
