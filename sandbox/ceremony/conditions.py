"""Conditional tabs: shown, and asked for, only while their parent has the value (reference 2.5).

The specification of `conditionalParentValue`: "on" stands for a ticked checkbox, a chosen radio button, a given
signature or initials; any other kind of parent is compared with the value itself. `conditions.js` does the same.
"""

from collections.abc import Iterable, Sequence

from sandbox.models import Tab
from sandbox.tabkinds import CHECKBOX, RADIO, SIGNATURES, VIEW

ON = "on"


def visible(tabs: Iterable[Tab]) -> list[Tab]:
    """Of one recipient's tabs. A parent that is hidden itself is not active."""
    family = list(tabs)
    return [tab for tab in family if _is_shown(tab, family, ())]


def _is_shown(tab: Tab, family: Sequence[Tab], asked: tuple[str, ...]) -> bool:
    label = str(tab.data.get("conditionalParentLabel") or "")
    if not label or tab.guid in asked:
        return True
    parents = [parent for parent in family if label in labels_of(parent) and parent.guid != tab.guid]
    if not parents:  # as a circle, a condition on nothing hides nothing
        return True
    wanted = str(tab.data.get("conditionalParentValue") or "")
    return any(_is_active(parent, wanted) and _is_shown(parent, family, (*asked, tab.guid)) for parent in parents)


def labels_of(tab: Tab) -> set[str]:
    """What a condition may call this tab by: its label, and for radio buttons the name of their group."""
    return {str(name) for name in (tab.data.get("tabLabel"), tab.data.get("groupName")) if name}


def _is_active(parent: Tab, wanted: str) -> bool:
    is_on = wanted.lower() in ("", ON, "true")
    if parent.group in (CHECKBOX, VIEW, *SIGNATURES):
        return bool(parent.value) == is_on
    if parent.group == RADIO and is_on:
        return bool(parent.value)
    return parent.value.strip() == wanted.strip()
