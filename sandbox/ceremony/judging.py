"""May the signer finish? A sentence for everything that is missing or wrong."""

import re2

from sandbox import fonts
from sandbox.models import Recipient, Tab
from sandbox.tabkinds import APPROVE, ATTACHMENT, CHECKBOX, INITIAL, KINDS, LIST, RADIO, SIGN, SIGNATURES, VIEW

from . import freeform, tabgroups
from .answers import is_open
from .conditions import visible
from .formulas import number_in

MISSING = {
    SIGN: "Please sign here.",
    INITIAL: "Please initial here.",
    CHECKBOX: "Please tick this.",
    VIEW: "Please confirm that you have viewed this.",
    RADIO: "Please choose one.",
    LIST: "Please choose one.",
    ATTACHMENT: "Please attach a file.",
    APPROVE: "Please approve here, or decline.",
}
UNTYPED = (*SIGNATURES, CHECKBOX, VIEW, RADIO, LIST, ATTACHMENT, APPROVE)
QUIET = re2.Options()
QUIET.log_errors = False


def problems(recipient: Recipient, *, may_only_agree: bool = False) -> dict[str, str]:
    """By tab guid; under "signature" what is wrong with it, under "place" that none was placed.

    `may_only_agree`: without tabs, clicking is enough (Click to Agree, reference 3.4).
    """
    tabs = list(recipient.tabs.select_related("document"))
    shown = visible(tabs)
    found = {tab.guid: complaint for tab in shown if (complaint := _complaint(tab))}
    found = tabgroups.complaints(tabs, shown) | found
    name = str(recipient.signature.get("name", "")) + str(recipient.signature.get("initials", ""))
    if gaps := fonts.missing(name):
        found["signature"] = f"These characters of your name cannot be printed: {gaps}"
    has_signed = any(tab.group == SIGN and tab.value for tab in tabs)
    if freeform.is_free_form(recipient) and not (has_signed or may_only_agree):
        found["place"] = "Please place your signature on a page: choose where, and click there."
    return found


def is_asked(tab: Tab) -> bool:
    """Must the signer deal with it, as long as it is shown? Who is asked to approve approves, or declines."""
    return is_open(tab) and (tab.required or tab.group == APPROVE)


def _complaint(tab: Tab) -> str:
    if not is_open(tab):
        return ""
    if not tab.value:
        return MISSING.get(tab.group, "Please fill this in.") if is_asked(tab) else ""
    return "" if tab.group in UNTYPED else _wrong_text(tab)


def _wrong_text(tab: Tab) -> str:
    kind = KINDS[tab.group]
    pattern = str(tab.data.get("validationPattern") or "")
    message = str(tab.data.get("validationMessage") or "")
    if pattern and not _matches(pattern, tab.value):
        return message or "This is not in the form that was asked for."
    if not pattern and kind.pattern and not _matches(kind.pattern, tab.value):
        return message or kind.hint
    for name, word, sign in (("minNumericalValue", "least", -1), ("maxNumericalValue", "most", 1)):
        limit = str(tab.data.get(name) or "")
        if limit and sign * (number_in(tab.value) - number_in(limit)) > 0:
            return message or f"Please enter at {word} {limit}."
    if gaps := fonts.missing(tab.value):
        return f"These characters cannot be printed: {gaps}"
    return ""


def _matches(pattern: str, value: str) -> bool:
    """The whole value; a pattern that is none, or that RE2 does not know (looking ahead or back), asks for nothing.

    In linear time: with `re` one malicious pattern would hold the only write transaction for ever.
    """
    try:
        return re2.fullmatch(pattern, value, QUIET) is not None
    except (re2.error, UnicodeError):
        return True
