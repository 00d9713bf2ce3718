"""Values of a JSON body, read strictly: numbers and booleans come as such or as strings (reference 2.1)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from sandbox.errors import ApiError

Json = Mapping[str, Any]
MOST = 10**9


def list_of(data: Json, name: str) -> list[Json]:
    """Raises INVALID_REQUEST_BODY for anything but an array of objects; absent counts as empty."""
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ApiError("INVALID_REQUEST_BODY", f"{name} must be an array of objects.")
    return value


def object_of(data: Json, name: str) -> Json:
    value = data.get(name) or {}
    if not isinstance(value, dict):
        raise ApiError("INVALID_REQUEST_BODY", f"{name} must be an object.")
    return value


def text_of(data: Json, name: str, longest: int = 0) -> str:
    """Raises INVALID_REQUEST_PARAMETER when it is longer than Docusign takes."""
    value = data.get(name)
    if isinstance(value, dict | list):
        raise ApiError("INVALID_REQUEST_BODY", f"{name} must be a string.")
    text = "" if value is None else spelled(value)
    if longest and len(text) > longest:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"{name} must not exceed {longest} characters.")
    return text


def integer(value: Any, name: str, *, lowest: int = 0) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.") from None
    if not lowest <= number < MOST:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.")
    return number


def is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def spelled(value: Any) -> Any:
    """Numbers and booleans become strings on the way out, whatever they were on the way in."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dict):
        return {name: spelled(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [spelled(part) for part in value]
    return value


def is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
