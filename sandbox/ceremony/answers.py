"""What the signer filled in: read from the form and kept, finished or not. `judging` says whether it will do."""

from collections.abc import Iterable

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from sandbox import clock, tabkinds
from sandbox.models import Recipient, Tab
from sandbox.tabkinds import APPROVE, ATTACHMENT, CHECKBOX, DECLINE, KINDS, LIST, RADIO, SIGNATURES, VIEW

from . import attachments, freeform
from .conditions import visible
from .formulas import NotAFormulaError, calculate
from .signatures import is_same, signature_in

MAX_TEXT = 4000
SIGNED, APPROVED, TICKED = "signed", "approved", "true"
MULTI_LINE_HEIGHT = 28.0  # points: room for two lines


def keep(recipient: Recipient, form: QueryDict, files: "MultiValueDict[str, attachments.Upload]") -> dict[str, str]:
    """Save everything as it stands, for the signer may come back later; why a file could not be kept, by tab."""
    signature = signature_in(form)
    if signature and not is_same(signature, recipient.signature):
        recipient.signature = signature
        recipient.save(update_fields=["signature"])
    if freeform.is_free_form(recipient):
        freeform.place(recipient, form.getlist("place"))
    tabs = [tab for tab in recipient.tabs.all() if is_open(tab)]
    refused: dict[str, str] = {}
    for tab in tabs:
        if tab.group == ATTACHMENT:
            refused |= attachments.keep(tab, files.get(f"tab-{tab.guid}"))
        elif not freeform.is_placed(tab):
            tab.value = _value(tab, form.get(f"tab-{tab.guid}", ""), has_signature=bool(recipient.signature))
    Tab.objects.bulk_update(tabs, ["value"])
    _calculate(recipient)
    return refused


def close(recipient: Recipient) -> None:
    """At the end: today's date where it was signed, and nothing in what a condition hides."""
    tabs = list(recipient.tabs.all())
    shown = {tab.guid for tab in visible(tabs)}
    for tab in tabs:
        if tab.guid not in shown:
            tab.value = ""
        elif tab.group == "dateSignedTabs":
            tab.value = today()
    Tab.objects.bulk_update(tabs, ["value"])


def today() -> str:
    """In the account's format: month/day/year."""
    return clock.now().strftime("%m/%d/%Y")


def is_open(tab: Tab) -> bool:
    """May the signer fill it in?"""
    return KINDS[tab.group].filled_by == "signer" and tab.group != DECLINE and not tabkinds.is_locked(tab.data)


def is_multi_line(tab: Tab) -> bool:
    return tab.group == "textTabs" and tab.height >= MULTI_LINE_HEIGHT


def max_length(tab: Tab) -> int:
    text = str(tab.data.get("maxLength") or "")
    return min(int(text), MAX_TEXT) if text.isdecimal() and len(text) < 9 and int(text) else MAX_TEXT


def choices(tab: Tab) -> list[tuple[str, str]]:
    """Value and text of what a list or a radio group offers."""
    options = tab.data.get("listItems" if tab.group == LIST else "radios") or []
    return [
        (str(option.get("value") or option.get("text") or ""), str(option.get("text") or option.get("value") or ""))
        for option in options
    ]


def _value(tab: Tab, given: str, *, has_signature: bool) -> str:
    if tab.group in SIGNATURES:
        return SIGNED if given == SIGNED and has_signature else ""
    if tab.group in (CHECKBOX, VIEW):
        return TICKED if given == TICKED else ""
    if tab.group == APPROVE:
        return APPROVED if given == APPROVED else ""
    if tab.group in (RADIO, LIST):
        return given if given in dict(choices(tab)) else ""
    lines = given.splitlines() if is_multi_line(tab) else [given]
    return "\n".join(" ".join(line.split()) for line in lines).strip()[: max_length(tab)]


def _calculate(recipient: Recipient) -> None:
    tabs = list(recipient.tabs.all())
    formulas = [tab for tab in tabs if tab.group == tabkinds.FORMULA]
    for tab in formulas:
        tab.value = calculated(tab, tabs)
    Tab.objects.bulk_update(formulas, ["value"])


def calculated(formula: Tab, tabs: Iterable[Tab]) -> str:
    values = {str(tab.data.get("tabLabel") or ""): tab.value for tab in tabs if tab.guid != formula.guid}
    text = str(formula.data.get("formula") or "")
    try:
        return calculate(text, values, str(formula.data.get("roundDecimalPlaces") or ""))
    except NotAFormulaError:
        return text
