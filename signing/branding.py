"""The organisation's name, logo, colour and contact, as pages and mails show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.urls import reverse

LOGO_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
READABLE = 4.5  # WCAG 2.2, 1.4.3: contrast of text
LIGHT_GROUND, DARK_GROUND = "#f3f5f9", "#1a2230"  # as in signer.css and the mails
OWN_COLOUR, OWN_COLOUR_IN_DARK = "#1d4fa3", "#8ab4ff"  # where the organisation has none


@dataclass(frozen=True, slots=True)
class Brand:
    """`colour` can be read on light ground and carries white text; `colour_in_dark` on dark ground, and dark text.

    Pages show a logo only where it is a file of ours, since they make no browser ask anyone else.
    """

    name: str
    contact: str
    contact_link: str
    page_logo: str
    mail_logo: str
    has_colour: bool
    colour: str
    colour_in_dark: str


def brand() -> Brand:
    own_logo = _own_logo()
    return Brand(
        name=settings.ORGANISATION_NAME,
        contact=settings.ORGANISATION_CONTACT,
        contact_link=_contact_link(settings.ORGANISATION_CONTACT),
        page_logo=own_logo,
        mail_logo=settings.ORGANISATION_LOGO
        if is_logo_elsewhere()
        else own_logo and settings.PORTAL_BASE_URL + own_logo,
        has_colour=bool(settings.ORGANISATION_COLOUR),
        colour=readable(settings.ORGANISATION_COLOUR or OWN_COLOUR, LIGHT_GROUND),
        colour_in_dark=readable(settings.ORGANISATION_COLOUR or OWN_COLOUR_IN_DARK, DARK_GROUND),
    )


def logo_path() -> Path | None:
    """The file, where the logo is one that we can serve."""
    if is_logo_elsewhere() or not settings.ORGANISATION_LOGO:
        return None
    path = Path(settings.ORGANISATION_LOGO)
    return path if path.suffix.lower() in LOGO_TYPES and path.is_file() else None


def is_logo_elsewhere() -> bool:
    return _is_url(settings.ORGANISATION_LOGO)


def readable(colour: str, ground: str) -> str:
    """The colour, as much darker or lighter as it takes to be read on this ground."""
    target = 0 if _luminance(ground) > 0.2 else 255
    parts = [float(part) for part in _parts(colour)]
    while contrast(_hex(parts), ground) < READABLE:
        parts = [part + (target - part) * 0.05 for part in parts]
    return _hex(parts)


def contrast(one: str, other: str) -> float:
    """Of two colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _own_logo() -> str:
    """The address of the logo we serve. A changed file has a new one."""
    path = logo_path()
    return f"{reverse('signing:logo')}?v={path.stat().st_mtime_ns:x}" if path else ""


def _contact_link(contact: str) -> str:
    if _is_url(contact):
        return contact
    try:
        EmailValidator()(contact)
    except ValidationError:
        return ""
    return f"mailto:{contact}"


def _is_url(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _parts(colour: str) -> list[int]:
    return [int(colour[index : index + 2], 16) for index in (1, 3, 5)]


def _hex(parts: Sequence[float]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in parts)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (number / 255 for number in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
