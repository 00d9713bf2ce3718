"""The fields of a recipient, by Docusign's groups."""

from typing import Any

from signing.models import Recipient, Tab, TabKind

TAB_GROUPS = {
    TabKind.SIGN_HERE: "signHereTabs",
    TabKind.INITIAL_HERE: "initialHereTabs",
    TabKind.DATE_SIGNED: "dateSignedTabs",
    TabKind.TEXT: "textTabs",
    TabKind.CHECKBOX: "checkboxTabs",
}
# Which property says that a tab may be left empty (definitions signHere, initialHere: `optional`; others: `required`).
OPTIONAL_BY_FLAG = (TabKind.SIGN_HERE, TabKind.INITIAL_HERE)
REQUIRED_BY_FLAG = (TabKind.TEXT, TabKind.CHECKBOX)
SIZED = (TabKind.TEXT,)


def tabs_of(recipient: Recipient) -> dict[str, list[dict[str, Any]]]:
    """Definition tabs."""
    tabs: dict[str, list[dict[str, Any]]] = {}
    for tab in recipient.tabs.all():
        tabs.setdefault(TAB_GROUPS[TabKind(tab.kind)], []).append(_tab(tab))
    return tabs


def _tab(tab: Tab) -> dict[str, Any]:
    data: dict[str, Any] = {"tabLabel": tab.label or f"{tab.kind} {tab.pk}"}
    if tab.anchor:
        data |= {
            "anchorString": tab.anchor,
            "anchorUnits": "pixels",
            "anchorXOffset": "0",
            "anchorYOffset": "0",
        }
    else:
        data |= {
            "documentId": str(tab.document.number) if tab.document else "",
            "pageNumber": str(tab.page),
            "xPosition": str(tab.x),
            "yPosition": str(tab.y),
        }
    if tab.kind in OPTIONAL_BY_FLAG:
        data["optional"] = _flag(not tab.required)
    if tab.kind in REQUIRED_BY_FLAG:
        data["required"] = _flag(tab.required)
    if tab.kind in SIZED:
        data |= {name: str(size) for name, size in (("width", tab.width), ("height", tab.height)) if size}
    return data


def _flag(value: bool) -> str:
    return "true" if value else "false"
