"""Tab groups: how many of their tabs must, and may, be ticked or filled in (the specification's `tabGroups`)."""

from collections.abc import Iterable, Sequence

from sandbox.models import Tab

GROUPS = "tabGroups"


def complaints(tabs: Iterable[Tab], shown: Sequence[Tab]) -> dict[str, str]:
    """A sentence at the first tab of every group whose rule is broken."""
    found: dict[str, str] = {}
    for group in tabs:
        if group.group != GROUPS:
            continue
        members = _members(group, shown)
        complaint = _complaint(group, sum(bool(tab.value) for tab in members))
        if members and complaint:
            found[members[0].guid] = str(group.data.get("validationMessage") or "") or complaint
    return found


def _members(group: Tab, shown: Sequence[Tab]) -> list[Tab]:
    label = str(group.data.get("groupLabel") or "")
    is_of_document = str(group.data.get("tabScope") or "").lower() == "document"
    document_id = str(group.data.get("documentId") or "")
    return [
        tab
        for tab in shown
        if label in (tab.data.get("tabGroupLabels") or [])
        and not (is_of_document and document_id and tab.document and str(tab.document.document_id) != document_id)
    ]


def _complaint(group: Tab, count: int) -> str:
    """`groupRule` says which of the two numbers count."""
    rule = str(group.data.get("groupRule") or "").lower()
    least, most = _number(group, "minimumRequired"), _number(group, "maximumAllowed")
    if rule == "selectatleast":
        most = None
    elif rule == "selectatmost":
        least = None
    elif rule == "selectexactly":
        least = most = least if least is not None else most
    if least is not None and count < least:
        return f"Please choose {'exactly' if least == most else 'at least'} {least}."
    if most is not None and count > most:
        return f"Please choose {'exactly' if least == most else 'at most'} {most}."
    return ""


def _number(group: Tab, name: str) -> int | None:
    text = str(group.data.get(name) or "")
    return int(text) if text.isdecimal() and len(text) < 6 else None
