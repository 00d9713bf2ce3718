"""Holds JSON against Docusign's published specification (swagger 2.0)."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

Json = dict[str, Any]
REFERENCE = "#/definitions/"

# Definitions whose property has another type than Docusign's SDKs read (reference 9.1: prefillFormData is an object).
OTHER_TYPES = {("envelopeFormData", "prefillFormData")}
# In neither, and yet answered: several templates at once (reference 2.8).
DOCUMENTED = {"templateSummary": frozenset({"templates"})}


@cache
def load(path: Path) -> Json:
    data: Json = json.loads(path.read_text())
    for definition, name in OTHER_TYPES:
        data["definitions"][definition]["properties"][name] = {"type": "object"}
    return data


def assert_matches(specification: Path, definition: str, data: Any) -> None:
    """Types are those of the definition, and every property is one that it names."""
    problems = problems_with(load(specification), {"$ref": REFERENCE + definition}, data)
    assert not problems, f"{definition}: {problems}"


def assert_answers_match(specification: Path, calls: Iterable[Json]) -> None:
    """Every JSON answer in the sandbox's journal has the shape that the specification gives its operation."""
    spec = load(specification)
    problems: list[str] = []
    for call in calls:
        if call.get("response") is None:
            continue
        schema = {"$ref": f"{REFERENCE}errorDetails"} if call["status"] >= 400 else answer_schema(spec, call)
        if schema:
            problems += [f"{call['operation']}: {problem}" for problem in problems_with(spec, schema, call["response"])]
    assert not problems, "\n".join(dict.fromkeys(problems))


def answer_schema(spec: Json, call: Json) -> Json | None:
    """None where the specification does not know the operation or names no body for it."""
    method, _, path = call["operation"].partition(" ")
    operation = spec["paths"].get(path, {}).get(method.lower())
    if operation is None:
        return None
    answers = [operation["responses"].get(code, {}).get("schema") for code in ("200", "201")]
    return next((schema for schema in answers if schema), None)


def problems_with(spec: Json, schema: Json, data: Any) -> list[str]:
    full = {**schema, "definitions": spec["definitions"]}
    errors = jsonschema.Draft4Validator(full).iter_errors(data)
    wrong = [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors]
    definition = schema.get("$ref", "").removeprefix(REFERENCE)
    unknown = unknown_properties(spec, definition, data) if definition and isinstance(data, dict) else []
    return wrong + [f"{name} is not one of its properties" for name in unknown]


def unknown_properties(spec: Json, definition: str, data: Json, path: str = "") -> list[str]:
    """Misspelt names are silently ignored by Docusign, so a schema alone does not find them."""
    properties = spec["definitions"][definition].get("properties", {})
    unknown = []
    for name, value in data.items():
        if name not in properties:
            if properties and name not in newer_properties(definition):
                unknown.append(f"{path}{name} (of {definition})")
            continue
        target = properties[name].get("items", properties[name]).get("$ref", "").removeprefix(REFERENCE)
        if not target or target not in spec["definitions"]:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                unknown += unknown_properties(spec, target, item, f"{path}{name}.")
    return unknown


@cache
def newer_properties(definition: str) -> frozenset[str]:
    """What Docusign's own Python SDK, which is newer than the stored copy of the specification, knows of it."""
    from docusign_esign import models  # takes seconds, and only newer properties need it

    model = getattr(models, definition[:1].upper() + definition[1:], None)
    return frozenset(model.attribute_map.values() if model else ()) | DOCUMENTED.get(definition, frozenset())


def query_parameters(specification: Path, path: str, method: str) -> set[str]:
    operation = load(specification)["paths"][path][method]
    return {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"}
