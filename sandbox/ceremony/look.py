"""How Docusign JS wants the ceremony to look (reference 3.5): read from the address it opens, kept with the view."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .words import words_in

FORMATS = ("focused", "default")
POSITIONS = ("bottom-left", "bottom-center", "bottom-right")
LONGEST_TEXT = 50
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,30}|rgba?\([\d\s.,%/]{5,40}\)|hsla?\([\d\s.,%/a-z]{5,40}\)")


def display_in(query: Mapping[str, str]) -> dict[str, Any]:
    """`{displayFormat, style}`; empty when it is not Docusign JS that opens the page."""
    display_format = query.get("displayFormat", "")
    if display_format not in FORMATS:
        return {}
    try:
        style = json.loads(query.get("style") or "{}")
    except (ValueError, RecursionError):
        style = {}
    return {"displayFormat": display_format, "style": style if isinstance(style, dict) else {}}


@dataclass(frozen=True, slots=True)
class Look:
    is_focused: bool
    finish_text: str
    position: str
    shows_decline: bool
    decline_text: str
    shows_download: bool
    colours: str  # CSS declarations


def look_of(display: Mapping[str, Any]) -> Look:
    """In focused display there is only the navigation button, and what `style` adds to it."""
    is_focused = display.get("displayFormat") == "focused"
    style = _part(display, "style")
    finish, decline = _part(style, "signingNavigationButton"), _part(style, "signingDeclineButton")
    words = words_in(str(display.get("locale")))
    position = str(finish.get("position"))
    return Look(
        is_focused=is_focused,
        finish_text=_text(finish.get("finishText")) or words["finish"],
        position=position if position in POSITIONS else "bottom-center",
        shows_decline=decline.get("show") is True if is_focused else decline.get("show") is not False,
        decline_text=_text(decline.get("finishText")) or words["decline"],
        shows_download=_part(style, "downloadModal").get("show") is not False,
        colours=_colours(_part(_part(style, "branding"), "primaryButton")),
    )


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value[:LONGEST_TEXT].strip() if isinstance(value, str) else ""


def _colours(button: Mapping[str, Any]) -> str:
    """Only what is certainly a colour: it ends up in a style attribute."""
    names = {"backgroundColor": "--primary", "color": "--on-primary"}
    given = {variable: str(button.get(name) or "") for name, variable in names.items()}
    return ";".join(f"{variable}:{value}" for variable, value in given.items() if COLOUR.fullmatch(value))
