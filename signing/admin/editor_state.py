"""What the field editor knows of an envelope, as JSON."""

from typing import Any

from django.utils.translation import gettext as _

from signing.fields import Content
from signing.forms.tab import SIGNING_KINDS
from signing.forms.tabs import as_json
from signing.models import Envelope, Recipient, TabKind
from signing.tab_traits import FONT_SIZES, SMALLEST_SCALE, TRAITS

# One per recipient, told apart by eyes that see few colours too; then they begin again. Names of editor.css.
COLOURS = ("blue", "amber", "green", "pink", "cyan", "violet", "lime", "red")


def state_of(envelope: Envelope, content: Content) -> dict[str, Any]:
    return {
        "revision": content.revision,
        "documents": [
            {
                "number": document.number,
                "name": document.name,
                "version": document.sha256[:12],
                "pages": document.page_sizes,
            }
            for document in content.documents.values()
        ],
        "recipients": [
            _recipient(recipient, COLOURS[index % len(COLOURS)])
            for index, recipient in enumerate(content.recipients.values())
        ],
        "fields": as_json(content),
        "kinds": _kinds(),
        "font_sizes": FONT_SIZES,
    }


def _recipient(recipient: Recipient, colour: str) -> dict[str, Any]:
    return {
        "number": recipient.number,
        "name": recipient.name or recipient.role_name or _("Recipient %(n)s") % {"n": recipient.number},
        "role": recipient.role_name,
        "email": recipient.email,
        "colour": colour,
        "signs": recipient.kind in SIGNING_KINDS,
        "kind": str(recipient.get_kind_display()),
    }


def _kinds() -> dict[str, Any]:
    return {
        kind.value: {
            "label": str(TabKind(kind).label),
            "icon": traits.icon,
            "width": traits.width,
            "height": traits.height,
            "sizing": traits.sizing.value,
            "columns": traits.columns,
            "scales": [SMALLEST_SCALE, traits.largest_scale],
        }
        for kind, traits in TRAITS.items()
    }
