"""Which operations there are. Each handler is registered under the path that Docusign's specification gives it,
with how true it is: the table in docs/sandbox-operations.md is made from this and from the specification.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.http import HttpResponseBase

Handler = Callable[..., HttpResponseBase]
ACCOUNT = "/v2.1/accounts/{accountId}"
FAITHFUL, PARTIAL = "faithful", "partial"


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    handler: Handler
    state: str
    note: str
    is_for_admins: bool
    is_open: bool


@dataclass(slots=True)
class Node:
    """One segment of the paths known; `{…}` stands for any value."""

    children: dict[str, "Node"] = field(default_factory=dict)
    name: str = ""  # of the value that stands here
    operations: dict[str, Operation] = field(default_factory=dict)


_root = Node()


def operation(
    method: str,
    path: str,
    *,
    partial: str = "",
    note: str = "",
    is_for_admins: bool = False,
    is_open: bool = False,
) -> Callable[[Handler], Handler]:
    """Register a handler, called as handler(call, **values). A path without a leading slash is the account's.

    `partial`: what is missing; without it the operation counts as faithful. `note`: anything else worth knowing.
    `is_open`: no access token is asked for, and `call.user` is nobody.
    """
    full_path = path if path.startswith("/") else f"{ACCOUNT}/{path}".rstrip("/")

    def register(handler: Handler) -> Handler:
        node = _root
        for segment in full_path.strip("/").split("/"):
            is_value = segment.startswith("{")
            node = node.children.setdefault("{}" if is_value else segment.lower(), Node())
            node.name = _snake(segment.strip("{}")) if is_value else ""
        state = PARTIAL if partial else FAITHFUL
        node.operations[method] = Operation(method, full_path, handler, state, partial or note, is_for_admins, is_open)
        return handler

    return register


def on_envelope(
    method: str, tail: str = "", *, templates: bool = True, partial: str = "", note: str = ""
) -> Callable[[Handler], Handler]:
    """The same handler for envelopes and, unless `templates` is false, for templates."""

    def register(handler: Handler) -> Handler:
        operation(method, f"envelopes/{{envelopeId}}/{tail}".rstrip("/"), partial=partial, note=note)(handler)
        if templates:
            operation(method, f"templates/{{templateId}}/{tail}".rstrip("/"), partial=partial, note=note)(handler)
        return handler

    return register


def match(path: str) -> tuple[dict[str, Operation], dict[str, str]] | None:
    """Operations by method at this path, and the values it carries; None where nothing is."""
    found = _match(_root, path.strip("/").split("/"), 0)
    if found is None:
        return None
    node, values = found
    return (node.operations, values) if node.operations else None


def operations(node: Node = _root) -> Iterator[Operation]:
    yield from node.operations.values()
    for child in node.children.values():
        yield from operations(child)


def _match(node: Node, segments: list[str], position: int) -> tuple[Node, dict[str, str]] | None:
    if position == len(segments):
        return node, {}
    segment = segments[position]
    literal = node.children.get(segment.lower())
    if literal is not None:
        found = _match(literal, segments, position + 1)
        if found is not None and (found[0].operations or found[0].children):
            return found
    wild = node.children.get("{}")
    if wild is not None and segment:
        found = _match(wild, segments, position + 1)
        if found is not None:
            found[1][wild.name] = segment
            return found
    return None


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
