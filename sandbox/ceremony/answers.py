"""What the signer filled in: read from the form, judged, kept."""

import json
import math
from collections.abc import Mapping
from typing import Any

from sandbox import clock, fonts
from sandbox.drawing import SIGNATURE_GROUPS, STROKE_BOX
from sandbox.models import Recipient, Tab

MAX_NAME = 100
MAX_INITIALS = 10
MAX_TEXT = 4000
MAX_POINTS = 20_000
FILLED_BY_US = ("dateSignedTabs", "fullNameTabs", "emailAddressTabs")
SIGNED = "signed"


def keep(recipient: Recipient, form: Mapping[str, str]) -> None:
    """Save everything as it stands, finished or not: the signer comes back later."""
    signature = _signature(form)
    if signature:
        recipient.signature = signature
        recipient.save(update_fields=["signature"])
    tabs = [tab for tab in recipient.tabs.all() if not _is_fixed(tab)]
    for tab in tabs:
        tab.value = _value(tab, form, has_signature=bool(recipient.signature))
    Tab.objects.bulk_update(tabs, ["value"])


def problems(recipient: Recipient) -> dict[str, str]:
    """Why the signer cannot finish yet: a sentence per tab guid, and under "signature"."""
    found: dict[str, str] = {}
    for tab in recipient.tabs.all():
        if tab.required and not tab.value:
            found[tab.guid] = "Please sign here." if tab.group in SIGNATURE_GROUPS else "Please fill this in."
        elif (
            tab.group not in SIGNATURE_GROUPS
            and not _is_fixed(tab)
            and (gaps := fonts.missing_in(fonts.TEXT, tab.value))
        ):
            found[tab.guid] = f"These characters cannot be printed: {gaps}"
    name = str(recipient.signature.get("name", "")) + str(recipient.signature.get("initials", ""))
    if gaps := fonts.missing_in(fonts.TEXT, name):
        found["signature"] = f"These characters of your name cannot be printed: {gaps}"
    return found


def fill_dates(recipient: Recipient) -> None:
    """Date signed: today, in the account's format (month/day/year)."""
    recipient.tabs.filter(group="dateSignedTabs").update(value=today())


def today() -> str:
    return clock.now().strftime("%m/%d/%Y")


def _is_fixed(tab: Tab) -> bool:
    return tab.group in FILLED_BY_US or str(tab.data.get("locked", "")).lower() == "true"


def _value(tab: Tab, form: Mapping[str, str], *, has_signature: bool) -> str:
    given = form.get(f"tab-{tab.guid}", "")
    if tab.group in SIGNATURE_GROUPS:
        return SIGNED if given == SIGNED and has_signature else ""
    if tab.group == "checkboxTabs":
        return "true" if given == "true" else ""
    return " ".join(given.split())[: _max_length(tab)]


def _max_length(tab: Tab) -> int:
    text = str(tab.data.get("maxLength") or "")
    return min(int(text), MAX_TEXT) if text.isdecimal() and int(text) else MAX_TEXT


def _signature(form: Mapping[str, str]) -> dict[str, Any]:
    name = " ".join(form.get("signature-name", "").split())[:MAX_NAME]
    initials = " ".join(form.get("signature-initials", "").split())[:MAX_INITIALS]
    if not name or not initials:
        return {}
    style = form.get("signature-style", "")
    return {
        "name": name,
        "initials": initials,
        "style": style if style in fonts.HANDWRITING else next(iter(fonts.HANDWRITING)),
        "strokes": _strokes(form.get("signature-strokes", "")),
    }


def _strokes(text: str) -> list[list[list[float]]]:
    """`[[[x, y], …], …]` within the pad's 300 × 100 units; anything else counts as not drawn."""
    if not text:
        return []
    try:
        strokes = [
            [[_within(x, STROKE_BOX[0]), _within(y, STROKE_BOX[1])] for x, y in stroke] for stroke in json.loads(text)
        ]
    except (ValueError, TypeError, RecursionError):
        return []
    return [stroke for stroke in strokes if stroke] if sum(map(len, strokes)) <= MAX_POINTS else []


def _within(value: Any, limit: float) -> float:
    number = float(value)
    if math.isnan(number):
        raise ValueError("not a number")
    return round(min(max(number, 0.0), limit), 1)
