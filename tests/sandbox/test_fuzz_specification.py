"""Every operation that the sandbox has, called with whatever Docusign's specification lets one write, and with less."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.specification import REFERENCE, load
from tests.sandbox_process import ROOT, SandboxProcess

from .api import Api, definition

UNKNOWN_GUID = "00000000-0000-4000-8000-000000000000"
MAX_DEPTH = 4
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))

Json = dict[str, Any]

texts = st.sampled_from(
    ["", "1", "0", "-1", "true", "sent", "created", "x" * 300, "名前", "a@example.com", "%", "\x00"]
)
scalars = st.none() | st.booleans() | st.integers(-5, 10**12) | texts | st.floats(-1e9, 1e9)
junk = scalars | st.lists(scalars, max_size=2) | st.dictionaries(texts, scalars, max_size=2)


def operations() -> list[str]:
    listed = subprocess.run(
        [sys.executable, "-m", "sandbox", "--operations"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [f"{row['method']} {row['path']}" for row in json.loads(listed.stdout)]


def values_of(spec: Json, schema: Json, depth: int = 0) -> st.SearchStrategy[Any]:
    """Mostly of the schema's shape, now and then something else."""
    name = schema.get("$ref", "").removeprefix(REFERENCE)
    if name:
        schema = spec["definitions"].get(name, {})  # one is referred to and not defined
    if depth >= MAX_DEPTH:
        return scalars
    if schema.get("type") == "array":
        return st.lists(values_of(spec, schema["items"], depth + 1), max_size=2) | junk
    properties = schema.get("properties")
    if properties:
        some = {key: values_of(spec, part, depth + 1) for key, part in properties.items()}
        keys = st.lists(st.sampled_from(sorted(some)), max_size=4, unique=True)
        return keys.flatmap(lambda chosen: st.fixed_dictionaries({key: some[key] for key in chosen})) | junk
    return scalars


@pytest.fixture(scope="module")
def known(docusign_sandbox_process: SandboxProcess) -> Json:
    """Ids that lead somewhere, so that calls reach beyond the first look-up."""
    docusign_sandbox_process.reset()
    api = Api(docusign_sandbox_process)
    envelope_id = api.envelope(status="created")
    template = {"name": "T", "emailSubject": "S", "documents": definition()["documents"]}
    template_id = api.call("POST", "/templates", template).json()["templateId"]
    ids = {
        "envelopeId": envelope_id,
        "templateId": template_id,
        "recipientId": "1",
        "documentId": "1",
        "userId": docusign_sandbox_process.config["DOCUSIGN_USER_ID"],
        "pageNumber": "1",
    }
    return {"api": api, "ids": ids}


@pytest.mark.parametrize("operation", operations())
def test_whatever_is_sent_is_answered_without_a_crash(known: Json, specification: Path, operation: str) -> None:
    spec = load(specification)
    method, _, path = operation.partition(" ")
    described = spec["paths"].get(path, {}).get(method.lower(), {"parameters": []})
    parameters = described.get("parameters", [])
    body_schema: Json = next((p["schema"] for p in parameters if p["in"] == "body"), {})
    query_names = [p["name"] for p in parameters if p["in"] == "query"]
    bodies = values_of(spec, body_schema) if body_schema else st.just({})
    queries = st.dictionaries(st.sampled_from(query_names), texts, max_size=3) if query_names else st.just({})

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(body=bodies, query=queries, leads_somewhere=st.booleans())
    def call(body: Any, query: Json, leads_somewhere: bool) -> None:
        target = path_of(path, known["ids"] if leads_somewhere else {}, known["api"].sandbox.account_id)
        url = f"{known['api'].sandbox.base_url}/restapi{target}"
        response = known["api"].call(method, url, body, params=query)
        assert response.status_code < 500, (target, query, body, response.text)
        if response.status_code >= 400:
            assert set(response.json()) == {"errorCode", "message"}

    call()


def path_of(path: str, ids: Json, account_id: str) -> str:
    segments = []
    for segment in path.split("/"):
        name = segment.strip("{}")
        if not segment.startswith("{"):
            segments.append(segment)
        elif name == "accountId":
            segments.append(account_id)
        else:
            segments.append(ids.get(name, UNKNOWN_GUID))
    return "/".join(segments)
