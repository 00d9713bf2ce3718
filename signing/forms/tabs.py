"""All fields of the editor as it sends them: each judged, and those together that depend on each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from signing.fields import COLUMNS, MAX_FIELDS, Content, FieldInput, values_of
from signing.models import Tab, TabKind

from .tab import FieldForm

Errors = dict[str, list[str]]


class MalformedFieldsError(ValueError):
    """Not the shape that the editor sends."""


@dataclass
class Judged:
    """`errors` by the position of the field; `kept` are the rows of those, which stay as they were."""

    inputs: list[FieldInput] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    errors: dict[int, Errors] = field(default_factory=dict)
    kept: list[int] = field(default_factory=list)


def judge(given: Any, content: Content) -> Judged:
    """`given`: a list of fields as `as_json` writes them. Those that did not change need no judging.

    Raises MalformedFieldsError.
    """
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise MalformedFieldsError("a list of fields is expected")
    if len(given) > MAX_FIELDS:
        raise MalformedFieldsError(_("At most %(n)s fields can be placed.") % {"n": MAX_FIELDS})
    known = {tab.pk: tab for tab in content.tabs}
    before = {item["id"]: item for item in as_json(content)}
    judged, seen = Judged(), set()
    form = FieldForm(content.recipients, content.documents)
    for position, item in enumerate(given):
        tab_id = item.get("id")
        if tab_id not in known or tab_id in seen:
            tab_id = None  # a copy, or a row that is gone
        seen.add(tab_id)
        if tab_id and {name: item.get(name) for name in before[tab_id]} == before[tab_id]:
            _take(judged, position, _unchanged(known[tab_id], before[tab_id]))
            continue
        if form.judge(item):
            _take(judged, position, form.to_input(tab_id))
        else:
            _refuse(judged, position, _texts(form), tab_id)
    for position, message in _torn_groups(judged):
        index = judged.positions.index(position)
        _refuse(judged, position, {"group": [message]}, judged.inputs[index].tab_id)
        del judged.inputs[index], judged.positions[index]
    return judged


def as_json(content: Content) -> list[dict[str, Any]]:
    """The fields as the editor knows them: people and documents by their numbers."""
    recipients = {recipient.pk: number for number, recipient in content.recipients.items()}
    documents = {document.pk: number for number, document in content.documents.items()}
    return [
        {"id": tab.pk, "recipient": recipients[tab.recipient_id], "document": documents.get(tab.document_id or 0)}
        | values_of(tab)
        for tab in content.tabs
    ]


def _texts(form: FieldForm) -> Errors:
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def _take(judged: Judged, position: int, taken: FieldInput) -> None:
    judged.inputs.append(taken)
    judged.positions.append(position)


def _refuse(judged: Judged, position: int, errors: Errors, tab_id: int | None) -> None:
    judged.errors[position] = errors
    judged.kept += [tab_id] if tab_id else []


def _unchanged(tab: Tab, item: Mapping[str, Any]) -> FieldInput:
    return FieldInput(item["recipient"], item["document"], {name: item[name] for name in COLUMNS}, tab.pk)


def _torn_groups(judged: Judged) -> Iterator[tuple[int, str]]:
    """Radio buttons exclude each other only on one document, and only when they stand for different things."""
    homes: dict[tuple[int, str], Any] = {}
    options: set[tuple[int, str, str]] = set()
    for position, taken in zip(list(judged.positions), list(judged.inputs), strict=True):
        if taken.columns["kind"] != TabKind.RADIO:
            continue
        group = (taken.recipient_number, taken.columns["group"])
        home = homes.setdefault(group, taken.document_number)
        option = (*group, taken.columns["options"][0])
        if home != taken.document_number:
            yield position, _("All buttons of a group stand on one document.")
        elif option in options:
            yield position, _("Another button of this group stands for the same.")
        options.add(option)
