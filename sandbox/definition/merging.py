"""Recipients, tabs and custom fields of one definition laid over those of another (reference 2.8).

What is below comes from a template, what is above is said later or by the call itself, and wins.
"""

from collections.abc import Callable
from typing import Any

from sandbox.tabkinds import PREFILL

from .reading import Json, is_true, list_of, object_of, text_of
from .recipients import RECIPIENT_TYPES

Definition = dict[str, Any]
Groups = dict[str, list[Definition]]
Tabs = dict[str, Any]  # groups, and under prefillTabs groups again
IsSame = Callable[[Json, Json], bool]
MergeTabs = Callable[[Json, Json], Tabs]
WILDCARD = "\\*"
OPTIONS = ("radios", "listItems")


def merged_tabs(below: Json, above: Json) -> Tabs:
    """Tabs of the same kind and label get the upper values; others are added if they have a place."""
    merged = joined_tabs(below, {})
    for group in above:
        if group == PREFILL:
            merged[PREFILL] = merged_tabs(object_of(below, PREFILL), object_of(above, PREFILL))
            continue
        for tab in list_of(above, group):
            same = [other for other in merged.get(group, []) if _is_meant(tab, other)]
            for other in same:
                other |= _over(other, tab)
            if not same and (tab.get("anchorString") or tab.get("documentId") or tab.get("radios")):
                merged.setdefault(group, []).append(dict(tab))
    return merged


def joined_tabs(below: Json, above: Json) -> Tabs:
    """Side by side: equal labels on the documents of different composites are different tabs."""
    joined: Tabs = {}
    for group in dict.fromkeys([*below, *above]):
        if group == PREFILL:
            joined[PREFILL] = joined_tabs(object_of(below, PREFILL), object_of(above, PREFILL))
        else:
            joined[group] = [dict(tab) for groups in (below, above) for tab in list_of(groups, group)]
    return joined


def is_same_role(one: Json, other: Json) -> bool:
    """By the name of the role, case and all, or where one has none by recipientId."""
    if one.get("roleName") and other.get("roleName"):
        return bool(one["roleName"] == other["roleName"])
    return bool(one.get("recipientId")) and text_of(one, "recipientId") == text_of(other, "recipientId")


def is_same_person(one: Json, other: Json) -> bool:
    """The same role and nobody else in it; or the same name, email and routing order."""
    if any(_differs(one, other, name) for name in ("name", "email", "clientUserId")):
        return False
    has_role = bool(one.get("roleName"))
    is_filled = bool(one.get("email")) and bool(other.get("email"))
    is_alike = is_filled and text_of(one, "routingOrder") == text_of(other, "routingOrder")
    return is_alike or (has_role == bool(other.get("roleName")) and is_same_role(one, other))


def merged_recipients(
    below: Json, above: Json, is_same: IsSame = is_same_role, merge_tabs: MergeTabs = merged_tabs
) -> Groups:
    merged = {kind: [dict(item) for item in list_of(below, kind)] for kind in below if kind in RECIPIENT_TYPES}
    for kind in [name for name in above if name in RECIPIENT_TYPES]:
        for item in list_of(above, kind):
            same = next((other for other in merged.get(kind, []) if is_same(other, item)), None)
            if same is None:
                merged.setdefault(kind, []).append(dict(item))
                continue
            tabs = merge_tabs(object_of(same, "tabs"), object_of(item, "tabs"))
            same |= given_in(item)
            same["tabs"] = tabs
    return merged


def merged_custom_fields(below: Json, above: Json) -> Groups:
    """By name; a field keeps what is not said again."""
    merged: Groups = {kind: [dict(field) for field in list_of(below, kind)] for kind in below}
    for kind in above:
        for field in list_of(above, kind):
            same = next((other for other in merged.get(kind, []) if other.get("name") == field.get("name")), None)
            if same is None:
                merged.setdefault(kind, []).append(dict(field))
            else:
                same |= given_in(field)
    return merged


def merged_documents(below: list[Definition], above: list[Json]) -> list[Definition]:
    """One with the id of a template's replaces it; others are added."""
    replacing = {text_of(document, "documentId"): dict(document) for document in above}
    kept = [replacing.pop(text_of(document, "documentId"), document) for document in below]
    return [*kept, *replacing.values()]


def given_in(item: Json) -> Definition:
    return {name: value for name, value in item.items() if value not in (None, "", [], {})}


def _is_meant(tab: Json, other: Json) -> bool:
    """Labels are compared case and all; `\\*` before or after one stands for anything (the API's old wildcard)."""
    label = text_of(tab, "tabLabel") or text_of(tab, "groupName")
    theirs = [text for text in (text_of(other, "tabLabel"), text_of(other, "groupName")) if text]
    if label.startswith(WILDCARD):
        return any(text.endswith(label.removeprefix(WILDCARD)) for text in theirs)
    if label.endswith(WILDCARD):
        return any(text.startswith(label.removesuffix(WILDCARD)) for text in theirs)
    return label in theirs


def _over(below: Json, above: Json) -> Definition:
    """Options of a list or radio group are picked by value, not replaced: their places are the template's."""
    given = {name: value for name, value in above.items() if value not in (None, "")}
    if WILDCARD in text_of(above, "tabLabel"):
        del given["tabLabel"]
    for key in OPTIONS:
        if below.get(key):
            given[key] = _picked(list_of(below, key), list_of(above, key), text_of(above, "value"))
    return given


def _picked(options: list[Json], chosen: list[Json], value: str) -> list[Definition]:
    """One choice takes the place of the one before."""
    wanted = next((_value_of(option) for option in chosen if is_true(option.get("selected"))), value)
    if not wanted:
        return [dict(option) for option in options]
    return [{**option, "selected": "true" if _value_of(option) == wanted else "false"} for option in options]


def _value_of(option: Json) -> str:
    return text_of(option, "value") or text_of(option, "text")


def _differs(one: Json, other: Json, name: str) -> bool:
    mine, theirs = text_of(one, name).casefold(), text_of(other, name).casefold()
    return bool(mine and theirs and mine != theirs)
