"""The fields of a recipient, by Docusign's groups (definition tabs).

What the editor shows is what is drawn: since v2.1 a tab's upper left corner stands at xPosition, yPosition, also that
of a signature, which the API before it moved up by 21 pixels (reference 2.5). The specification's advice to shift
signatures by (+1, -7) would undo that, and is not followed. An anchored tab stands on its text's lower left corner.
"""

from collections.abc import Iterable
from typing import Any

from signing.models import Recipient, Tab, TabKind
from signing.tab_traits import TRAITS, Sizing

# Which property says that a tab may be left empty (definitions signHere, initialHere, signerAttachment: `optional`).
OPTIONAL_BY_FLAG = (TabKind.SIGN_HERE, TabKind.INITIAL_HERE, TabKind.ATTACHMENT)
BUTTONS = (TabKind.APPROVE, TabKind.DECLINE)
RADIO_GROUPS = TRAITS[TabKind.RADIO].group


def tabs_of(recipient: Recipient) -> dict[str, list[dict[str, Any]]]:
    """Definition tabs."""
    tabs: dict[str, list[dict[str, Any]]] = {}
    radios: dict[tuple[str, int | None], list[Tab]] = {}
    for tab in recipient.tabs.select_related("document"):
        if tab.kind == TabKind.RADIO:
            radios.setdefault((tab.group, tab.document_id), []).append(tab)
        else:
            tabs.setdefault(TRAITS[TabKind(tab.kind)].group, []).append(_tab(tab))
    if radios:
        tabs[RADIO_GROUPS] = [_radio_group(group, members) for (group, _), members in radios.items()]
    return tabs


def _tab(tab: Tab) -> dict[str, Any]:
    kind = TabKind(tab.kind)
    data = {"tabLabel": tab.label or f"{tab.kind} {tab.pk}"} | _place(tab) | _size(tab, kind) | _rules(tab, kind)
    if tab.tooltip:
        data["tooltip"] = tab.tooltip
    return data | _content(tab, kind)


def _place(tab: Tab) -> dict[str, str]:
    """Case and word ends do not matter, said aloud: Docusign's own texts disagree about what happens otherwise."""
    if tab.anchor:
        return {
            "anchorString": tab.anchor,
            "anchorUnits": "pixels",
            "anchorXOffset": str(tab.anchor_x_offset),
            "anchorYOffset": str(tab.anchor_y_offset),
            "anchorCaseSensitive": "false",
            "anchorMatchWholeWord": "false",
        }
    return {
        "documentId": str(tab.document.number) if tab.document else "",
        "pageNumber": str(tab.page),
        "xPosition": str(tab.x),
        "yPosition": str(tab.y),
    }


def _size(tab: Tab, kind: TabKind) -> dict[str, str]:
    traits = TRAITS[kind]
    if traits.sizing is Sizing.SCALED:
        return {"scaleValue": f"{traits.scale(tab.width):.3f}"} if tab.width else {}
    if traits.sizing is Sizing.FIXED:
        return {}
    width, height = traits.fitted(tab.width, tab.height)
    return {"width": str(width), "height": str(height)}


def _rules(tab: Tab, kind: TabKind) -> dict[str, str]:
    """What may be left empty, what cannot be changed, what fits. Checkboxes are asked for as other tabs are, though
    the specification calls them always optional."""
    columns = TRAITS[kind].columns
    data: dict[str, str] = {}
    if kind in OPTIONAL_BY_FLAG:
        data["optional"] = _flag(not tab.required)
    elif "required" in columns:
        data["required"] = _flag(tab.required and not tab.locked)
    if tab.locked and "locked" in columns:
        data["locked"] = "true"
    if tab.font_size and "font_size" in columns:
        data["fontSize"] = f"Size{tab.font_size}"
    if tab.max_length and "max_length" in columns:
        data["maxLength"] = str(tab.max_length)
    if tab.validation_pattern and "validation_pattern" in columns:
        data |= {"validationPattern": tab.validation_pattern, "validationMessage": tab.validation_message}
    return data


def _content(tab: Tab, kind: TabKind) -> dict[str, Any]:
    if kind == TabKind.CHECKBOX:
        return {"selected": _flag(tab.value == "true")}
    if kind == TabKind.LIST:
        return {"listItems": [_item(option, tab.value) for option in tab.options]}
    if not tab.value or "value" not in TRAITS[kind].columns:
        return {}
    return {"buttonText" if kind in BUTTONS else "value": tab.value}


def _item(option: str, chosen: str) -> dict[str, str]:
    return {"text": option, "value": option, "selected": _flag(option == chosen)}


def _radio_group(group: str, tabs: Iterable[Tab]) -> dict[str, Any]:
    """Definition radioGroup. One document for all its buttons: the definition radio has none of its own."""
    tabs = list(tabs)
    data: dict[str, Any] = {"groupName": group or f"radio {tabs[0].pk}", "radios": [_radio(tab) for tab in tabs]}
    if tabs[0].document:
        data["documentId"] = str(tabs[0].document.number)
    tooltip = next((tab.tooltip for tab in tabs if tab.tooltip), "")
    return data | ({"tooltip": tooltip} if tooltip else {})


def _radio(tab: Tab) -> dict[str, str]:
    place = _place(tab)
    place.pop("documentId", None)
    value = str(tab.options[0]) if tab.options else str(tab.pk)
    chosen = {"value": value, "selected": _flag(tab.value == value)}
    return place | chosen | _rules(tab, TabKind.RADIO)


def _flag(value: bool) -> str:
    return "true" if value else "false"
