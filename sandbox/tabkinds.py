"""What there is to know of each kind of tab (reference 2.5): who fills it, what it asks, what it is called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TabKind:
    """`filled_by`: signer, system (by what is known), sender (fixed text), nobody (kept, but never shown)."""

    label: str
    tab_type: str
    filled_by: str = "signer"
    control: str = "text"  # how the ceremony shows it
    is_required: bool = False  # where the definition says nothing
    pattern: str = ""
    hint: str = ""


SIGN, INITIAL = "signHereTabs", "initialHereTabs"
CHECKBOX, RADIO, LIST = "checkboxTabs", "radioGroupTabs", "listTabs"
ATTACHMENT, APPROVE, DECLINE = "signerAttachmentTabs", "approveTabs", "declineTabs"
FORMULA, NOTE, DRAW, VIEW = "formulaTabs", "noteTabs", "drawTabs", "viewTabs"
PREFILL = "prefillTabs"
SIGNATURES = (SIGN, INITIAL)

EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"

KINDS: dict[str, TabKind] = {
    SIGN: TabKind("Signature", "signhere", control="sign", is_required=True),
    INITIAL: TabKind("Initials", "initialhere", control="initial", is_required=True),
    "dateSignedTabs": TabKind("Date signed", "datesigned", "system"),
    "fullNameTabs": TabKind("Full name", "fullname", "system"),
    "firstNameTabs": TabKind("First name", "firstname", "system"),
    "lastNameTabs": TabKind("Last name", "lastname", "system"),
    "emailAddressTabs": TabKind("Email", "emailaddress", "system"),
    "envelopeIdTabs": TabKind("Envelope ID", "envelopeid", "system"),
    "companyTabs": TabKind("Company", "company", is_required=True),
    "titleTabs": TabKind("Title", "title", is_required=True),
    "textTabs": TabKind("Text", "text", is_required=True),
    "numberTabs": TabKind("Number", "number", is_required=True, pattern=r"-?[\d.,\s]+", hint="Please enter a number."),
    "numericalTabs": TabKind(
        "Number", "numerical", is_required=True, pattern=r"-?[\d.,\s]+", hint="Please enter a number."
    ),
    "currencyTabs": TabKind(
        "Amount", "currency", is_required=True, pattern=r"\D{0,4}[\d.,\s]+\D{0,4}", hint="Please enter an amount."
    ),
    "dateTabs": TabKind("Date", "date", is_required=True, pattern=DATE, hint="Please enter a date such as 12/31/2026."),
    "emailTabs": TabKind("Email", "email", is_required=True, pattern=EMAIL, hint="Please enter an email address."),
    "phoneNumberTabs": TabKind(
        "Phone number", "phonenumber", is_required=True, pattern=r"[+\d][\d\s()/.-]{3,}", hint="Please enter a number."
    ),
    "ssnTabs": TabKind(
        "Social security number",
        "ssn",
        is_required=True,
        pattern=r"\d{3}-?\d{2}-?\d{4}",
        hint="As 123-45-6789, please.",
    ),
    "zipTabs": TabKind(
        "ZIP code", "zip", is_required=True, pattern=r"\d{5}(-?\d{4})?", hint="As 12345 or 12345-6789, please."
    ),
    CHECKBOX: TabKind("Checkbox", "checkbox", control="check"),
    RADIO: TabKind("Choice", "radiogroup", control="radio"),
    LIST: TabKind("Choice", "list", control="list", is_required=True),
    NOTE: TabKind("Note", "note", "sender", control="note"),
    ATTACHMENT: TabKind("Attachment", "signerattachment", control="attachment", is_required=True),
    APPROVE: TabKind("Approve", "approve", control="approve"),
    DECLINE: TabKind("Decline", "decline", control="decline"),
    FORMULA: TabKind("Calculated", "formula", "system"),
    DRAW: TabKind("Drawing", "draw", "nobody"),
    VIEW: TabKind("Acknowledgement", "view", control="check"),
    "commentThreadTabs": TabKind("Comment", "commentthread", "nobody"),
    "commissionCountyTabs": TabKind("County of commission", "commissioncounty"),
    "commissionExpirationTabs": TabKind("Expiration of commission", "commissionexpiration"),
    "commissionNumberTabs": TabKind("Number of commission", "commissionnumber"),
    "commissionStateTabs": TabKind("State of commission", "commissionstate"),
    "notarizeTabs": TabKind("Notarize", "notarize", "nobody"),
    "notarySealTabs": TabKind("Notary seal", "notaryseal", "nobody"),
    "polyLineOverlayTabs": TabKind("Overlay", "polylineoverlay", "nobody"),
    "smartSectionTabs": TabKind("Smart section", "smartsection", "nobody"),
    "tabGroups": TabKind("Group of tabs", "tabgroup", "nobody"),
}
# Kinds whose place on a page may be left out.
PLACELESS = frozenset({"tabGroups", "smartSectionTabs", "polyLineOverlayTabs", "commentThreadTabs"})


FONT_SIZES = frozenset((7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 22, 24, 26, 28, 36, 48, 72))
DEFAULT_FONT_SIZE = 9


def is_locked(tab_data: Mapping[str, Any]) -> bool:
    return str(tab_data.get("locked", "")).lower() == "true"


def font_size(tab_data: Mapping[str, Any]) -> int:
    """`fontSize` ("size12") in points; Docusign's own 9 when it says nothing that is known."""
    found = re.fullmatch(r"(?:size)?(\d{1,2})", str(tab_data.get("fontSize") or "").lower())
    return int(found[1]) if found and int(found[1]) in FONT_SIZES else DEFAULT_FONT_SIZE


def radio_guid(group_guid: str, position: int) -> str:
    """The id of one button of a radio group: the group's own, but for its last four digits."""
    return f"{group_guid[:-4]}{position:04x}"
