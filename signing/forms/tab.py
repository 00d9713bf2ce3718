"""One field of the editor, judged. Each complaint stands at its property."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from signing.fields import COLUMNS, FieldInput
from signing.models import Document, Recipient, RecipientKind, Tab, TabKind
from signing.tab_traits import FONT_SIZES, TRAITS, Traits

SIGNING_KINDS = (RecipientKind.SIGNER, RecipientKind.IN_PERSON_SIGNER)  # Docusign gives fields to no others
MAX_OPTIONS = 200
LONGEST_OPTION = 100
LONGEST_VALUE = 4000
SMALLEST, LARGEST = 4, 5000  # px
PLACE = ("document", "page", "x", "y")


class FieldForm(forms.ModelForm):
    """Lengths and choices are the model's. What a kind does not have is emptied, so that no leftover is sent."""

    recipient = forms.IntegerField()
    document = forms.IntegerField(required=False)
    # What may be left out, which the model knows only of its rows.
    page = forms.IntegerField(required=False, min_value=1)
    anchor_x_offset = forms.IntegerField(required=False, min_value=-LARGEST, max_value=LARGEST)
    anchor_y_offset = forms.IntegerField(required=False, min_value=-LARGEST, max_value=LARGEST)
    width = forms.IntegerField(required=False, min_value=SMALLEST, max_value=LARGEST)
    height = forms.IntegerField(required=False, min_value=SMALLEST, max_value=LARGEST)
    x = forms.IntegerField(required=False, min_value=0)
    y = forms.IntegerField(required=False, min_value=0)
    max_length = forms.IntegerField(required=False, min_value=1, max_value=LONGEST_VALUE)
    font_size = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[("", ""), *((size, size) for size in FONT_SIZES)]
    )

    class Meta:
        model = Tab
        fields = [name for name in COLUMNS if name != "options"]

    def __init__(self, recipients: Mapping[int, Recipient], documents: Mapping[int, Document]) -> None:
        super().__init__(data={})
        self._recipients = recipients
        self._documents = documents

    def judge(self, item: Mapping[str, Any]) -> bool:
        """One form judges all fields, one after the other: making a form costs far more than using it."""
        self.data = item
        self.full_clean()
        return self.is_valid()

    def clean_recipient(self) -> int:
        number: int = self.cleaned_data["recipient"]
        recipient = self._recipients.get(number)
        if recipient is None:
            raise forms.ValidationError(_("Choose whose field this is."))
        if recipient.kind not in SIGNING_KINDS:
            raise forms.ValidationError(_("%(name)s does not sign, so has no fields.") % {"name": recipient.name})
        return number

    def clean_validation_pattern(self) -> str:
        pattern: str = self.cleaned_data["validation_pattern"]
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError):
            raise forms.ValidationError(_("This is no regular expression.")) from None
        return pattern

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "kind" not in data:
            return data
        kind = TabKind(data["kind"])
        traits = TRAITS[kind]
        self._forget_foreign(data, traits)
        data["options"] = self._options(kind)
        data["width"], data["height"] = traits.fitted(data.get("width"), data.get("height"))
        for name in ("anchor_x_offset", "anchor_y_offset"):
            data[name] = (data.get(name) or 0) if data.get("anchor") else 0
        if data.get("anchor"):
            data |= dict.fromkeys(PLACE)
            for name in PLACE:
                self.errors.pop(name, None)
        else:
            self._check_place(data)
        self._check_value(kind, data)
        return data

    def _forget_foreign(self, data: dict[str, Any], traits: Traits) -> None:
        emptied: dict[str, Any] = {
            "required": True,
            "locked": False,
            "value": "",
            "group": "",
            "max_length": None,
            "validation_pattern": "",
            "validation_message": "",
            "font_size": None,
        }
        for name, nothing in emptied.items():
            if name not in traits.columns:
                data[name] = nothing
                self.errors.pop(name, None)

    def _options(self, kind: TabKind) -> list[str]:
        given = self.data.get("options")
        if "options" not in TRAITS[kind].columns:
            return []
        options = [str(option).strip() for option in given] if isinstance(given, list) else []
        options = list(dict.fromkeys(option for option in options if option))
        if kind == TabKind.RADIO and len(options) != 1:
            self.add_error(None, _("Say what this button stands for."))
        elif not options:
            self.add_error(None, _("Give at least one option."))
        elif len(options) > MAX_OPTIONS or max(map(len, options)) > LONGEST_OPTION:
            limits = {"n": MAX_OPTIONS, "length": LONGEST_OPTION}
            self.add_error(None, _("At most %(n)s options of at most %(length)s characters.") % limits)
        return options

    def _check_place(self, data: dict[str, Any]) -> None:
        for name in PLACE:
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Needed."))
        document = self._documents.get(data.get("document") or 0)
        page = data.get("page")
        if document is None or page is None:
            if data.get("document") and document is None:
                self.add_error("document", _("This document is not in the envelope any more."))
            return
        if not 1 <= page <= document.page_count:
            self.add_error("page", _("The document has %(n)s page(s).") % {"n": document.page_count})
            return
        for name, side in zip(("x", "y"), document.page_sizes[page - 1], strict=True):
            if data.get(name) is not None and data[name] >= side:
                self.add_error(name, _("Off the page: less than %(limit)s.") % {"limit": int(side)})

    def _check_value(self, kind: TabKind, data: dict[str, Any]) -> None:
        value, longest = data.get("value") or "", data.get("max_length")
        if kind == TabKind.CHECKBOX:
            data["value"] = "true" if value == "true" else ""
        elif kind in (TabKind.LIST, TabKind.RADIO) and value and value not in data["options"]:
            data["value"] = ""
        elif kind == TabKind.NUMBER and value and not re.fullmatch(r"-?[\d.,\s]+", value):
            self.add_error("value", _("This is no number."))
        elif longest and len(value) > longest:
            self.add_error("value", _("Longer than the %(n)s characters allowed.") % {"n": longest})
        if kind == TabKind.RADIO and not data.get("group"):
            self.add_error("group", _("Name the group of buttons it belongs to."))
        if data.get("locked") and kind not in (TabKind.CHECKBOX, TabKind.RADIO) and not data.get("value"):
            self.add_error("value", _("A field that is read only needs a value."))

    def _post_clean(self) -> None:
        """No instance is made: the deed writes the rows, and the database's own checks are for it."""

    def to_input(self, tab_id: int | None) -> FieldInput:
        data = self.cleaned_data
        columns = {name: data[name] for name in COLUMNS}
        return FieldInput(data["recipient"], data["document"], columns, tab_id)
