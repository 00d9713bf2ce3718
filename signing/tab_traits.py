"""What each kind of tab is like: Docusign's group for it, how large it is, what can be said of it.

Sizes are in pixels of 1/72 inch. Docusign scales signatures, initials and attachments by `scaleValue` (from 0.5, up to
2.0 for signatures and 1.0 for the others; definition signHere: "height: not applicable"), draws checkboxes and radio
buttons in one size, and takes width and height for all others. Which properties a kind has is read off the definitions
of Docusign's published specification.
"""

from dataclasses import dataclass
from enum import StrEnum

from .models import TabKind


class Sizing(StrEnum):
    FREE = "free"  # width and height as wanted
    SCALED = "scaled"  # keeps its shape
    FIXED = "fixed"


SMALLEST_SCALE, LARGEST_SCALE = 0.5, 2.0
FONT_SIZES = (7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 22, 24, 26, 28, 36, 48, 72)
SMALLEST_SIDE = 8  # below it a box cannot be caught with a finger or seen on paper

# Columns of Tab that some kinds have and others not. `label` and `tooltip` belong to all.
_FILLED_IN = ("required", "locked", "value", "max_length", "font_size")
_CHECKED = (*_FILLED_IN, "validation_pattern", "validation_message")


@dataclass(frozen=True, slots=True)
class Traits:
    group: str  # the property of Docusign's definition `tabs`
    width: int
    height: int
    sizing: Sizing
    columns: tuple[str, ...]
    icon: str  # of Google's Material Symbols, which the admin's skin ships
    largest_scale: float = LARGEST_SCALE

    def fitted(self, width: int | None, height: int | None) -> tuple[int, int]:
        """The size that Docusign will give it, when this one is asked for."""
        if self.sizing is Sizing.FREE:
            return width or self.width, height or self.height
        scale = self.scale(width)
        return round(self.width * scale), round(self.height * scale)

    def scale(self, width: int | None) -> float:
        if self.sizing is not Sizing.SCALED or not width:
            return 1.0
        return min(max(width / self.width, SMALLEST_SCALE), self.largest_scale)


_FREE, _SCALED, _FIXED = Sizing.FREE, Sizing.SCALED, Sizing.FIXED
TRAITS = {
    TabKind.SIGN_HERE: Traits("signHereTabs", 120, 36, _SCALED, ("required",), "signature"),
    TabKind.INITIAL_HERE: Traits("initialHereTabs", 48, 30, _SCALED, ("required",), "draw", 1.0),
    TabKind.DATE_SIGNED: Traits("dateSignedTabs", 84, 16, _FREE, ("font_size",), "event_available"),
    TabKind.FULL_NAME: Traits("fullNameTabs", 140, 16, _FREE, ("font_size",), "person"),
    TabKind.EMAIL_ADDRESS: Traits("emailAddressTabs", 160, 16, _FREE, ("font_size",), "alternate_email"),
    TabKind.COMPANY: Traits("companyTabs", 140, 16, _FREE, _FILLED_IN, "apartment"),
    TabKind.TITLE: Traits("titleTabs", 140, 16, _FREE, _FILLED_IN, "badge"),
    TabKind.TEXT: Traits("textTabs", 140, 18, _FREE, _CHECKED, "text_fields"),
    TabKind.NUMBER: Traits("numberTabs", 90, 18, _FREE, _CHECKED, "numbers"),
    TabKind.DATE: Traits("dateTabs", 90, 18, _FREE, _CHECKED, "calendar_month"),
    TabKind.CHECKBOX: Traits("checkboxTabs", 15, 15, _FIXED, ("required", "locked", "value"), "check_box"),
    TabKind.RADIO: Traits(
        "radioGroupTabs", 15, 15, _FIXED, ("required", "locked", "value", "group", "options"), "radio_button_checked"
    ),
    TabKind.LIST: Traits(
        "listTabs", 140, 18, _FREE, ("required", "locked", "value", "options", "font_size"), "arrow_drop_down_circle"
    ),
    TabKind.NOTE: Traits("noteTabs", 160, 40, _FREE, ("value", "font_size"), "sticky_note_2"),
    TabKind.ATTACHMENT: Traits("signerAttachmentTabs", 40, 40, _SCALED, ("required",), "attach_file", 1.0),
    TabKind.APPROVE: Traits("approveTabs", 96, 28, _FREE, ("value", "font_size"), "thumb_up"),
    TabKind.DECLINE: Traits("declineTabs", 96, 28, _FREE, ("value", "font_size"), "thumb_down"),
}
