"""Holds JSON against a definition of Docusign's published specification (swagger 2.0)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

# Documented at developers.docusign.com, later than the stored copy of the specification.
KNOWN_OMISSIONS = {
    ("envelopesInformation", "nextUri"),
    ("envelopesInformation", "previousUri"),
    *(
        (kind, name)
        for kind in ("eventNotification", "connectCustomConfiguration")
        for name in ("deliveryMode", "events")
    ),
}


@cache
def load(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text())
    return data


def assert_matches(specification: Path, definition: str, data: Any) -> None:
    """Types are those of the definition, and every property is one that it names."""
    spec = load(specification)
    schema = {"$ref": f"#/definitions/{definition}", "definitions": spec["definitions"]}
    jsonschema.Draft4Validator(schema).validate(data)
    unknown = unknown_properties(spec, definition, data)
    assert not unknown, f"not in {definition}: {unknown}"


def unknown_properties(spec: dict[str, Any], definition: str, data: Any, path: str = "") -> list[str]:
    """Misspelt names are silently ignored by Docusign, so a schema alone does not find them."""
    properties = spec["definitions"][definition].get("properties", {})
    unknown = []
    for name, value in data.items():
        if name not in properties:
            if (definition, name) not in KNOWN_OMISSIONS:
                unknown.append(f"{path}{name}")
            continue
        target = properties[name].get("items", properties[name]).get("$ref", "").rpartition("/")[2]
        if not target or target not in spec["definitions"]:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                unknown += unknown_properties(spec, target, item, f"{path}{name}.")
    return unknown


def query_parameters(specification: Path, path: str, method: str) -> set[str]:
    operation = load(specification)["paths"][path][method]
    return {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"}
