"""The composer's single forms: the envelope's text, a signer, a field; and rows of them."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signing.authoring import TabInput
from signing.models import Document, TabKind, Verification
from signing.models.envelope import MESSAGE_MAX_LENGTH, SUBJECT_MAX_LENGTH
from signing.models.recipient import (
    ACCESS_CODE_MAX_LENGTH,
    EMAIL_MAX_LENGTH,
    MAX_RECIPIENTS,
    MAX_ROUTING_ORDER,
    NAME_MAX_LENGTH,
    ROLE_NAME_MAX_LENGTH,
)

from .fields import MultipleFileField

BY_ANCHOR, BY_POSITION = "anchor", "position"
ROW_KINDS = (TabKind.SIGN_HERE, TabKind.INITIAL_HERE, TabKind.DATE_SIGNED, TabKind.TEXT, TabKind.CHECKBOX)


class TextForm(forms.Form):
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=SUBJECT_MAX_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Please sign: …"), "autocomplete": "off"}),
    )
    message = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=MESSAGE_MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": gettext_lazy("A few words to the signers (optional)")}),
    )
    uploads = MultipleFileField(
        label=gettext_lazy("Add PDF files"),
        required=False,
        widget=MultipleFileField.widget(attrs={"accept": "application/pdf,.pdf"}),
    )


class SignerForm(forms.Form):
    """`is_template`: of a role, whose name and address may be left open."""

    role_name = forms.CharField(label=gettext_lazy("Role"), max_length=ROLE_NAME_MAX_LENGTH, required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_MAX_LENGTH)
    email = forms.EmailField(label=gettext_lazy("Email"), max_length=EMAIL_MAX_LENGTH)
    routing_order = forms.IntegerField(label=gettext_lazy("Order"), min_value=1, max_value=MAX_ROUTING_ORDER, initial=1)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("", gettext_lazy("As usual")), *settings.LANGUAGES],
        required=False,
    )
    verification = forms.ChoiceField(
        label=gettext_lazy("Who are you?"),
        choices=[("", Verification.NONE.label), *Verification.choices[1:]],
        required=False,
    )
    access_code = forms.CharField(
        label=gettext_lazy("Access code"),
        max_length=ACCESS_CODE_MAX_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, is_template: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role_name"].required = is_template
        self.fields["name"].required = self.fields["email"].required = not is_template

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["verification"] = Verification(data.get("verification") or Verification.NONE)
        if data["verification"] != Verification.ACCESS_CODE:
            data["access_code"] = ""  # hidden on the page, and not used
        elif not data.get("access_code") and "access_code" not in self.errors:
            self.add_error("access_code", _("Enter the code, and tell it to the signer yourself: no mail says it."))
        return data


class TabForm(forms.Form):
    """One field of one signer; `signer` is the index of the signer's form on the page."""

    signer = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Field"), choices=[(kind.value, kind.label) for kind in ROW_KINDS])
    placement = forms.ChoiceField(
        label=gettext_lazy("Placed"),
        choices=((BY_ANCHOR, gettext_lazy("at the text")), (BY_POSITION, gettext_lazy("at a position"))),
    )
    anchor = forms.CharField(label=gettext_lazy("Text in the document"), max_length=100, required=False)
    document = forms.TypedChoiceField(
        label=gettext_lazy("Document"), coerce=int, empty_value=None, required=False, choices=()
    )
    page = forms.IntegerField(label=gettext_lazy("Page"), min_value=1, required=False)
    x = forms.IntegerField(
        label=gettext_lazy("From left"),
        min_value=0,
        required=False,
        widget=forms.NumberInput(attrs={"placeholder": "100"}),
    )
    y = forms.IntegerField(
        label=gettext_lazy("From top"),
        min_value=0,
        required=False,
        widget=forms.NumberInput(attrs={"placeholder": "650"}),
    )
    required = forms.BooleanField(label=gettext_lazy("Required"), required=False)
    label = forms.CharField(label=gettext_lazy("Label"), max_length=100, required=False)

    def __init__(self, *args: Any, documents: Mapping[int, Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._documents = documents
        choices: list[tuple[object, str]] = [(number, document.name) for number, document in documents.items()]
        if len(choices) != 1:
            choices.insert(0, ("", _("Choose …") if choices else _("Add a document first")))
        self.fields["document"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("placement") == BY_ANCHOR:
            for name in ("document", "page", "x", "y"):
                self.errors.pop(name, None)  # hidden on the page, and not used
            if not data.get("anchor") and "anchor" not in self.errors:
                self.add_error("anchor", _("Enter a text that stands in the document, such as /sn1/."))
        elif data.get("placement") == BY_POSITION:
            self._check_position(data)
        return data

    def _check_position(self, data: dict[str, Any]) -> None:
        for name in ("page", "x", "y"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Needed."))
        if not data.get("document") and len(self._documents) == 1 and "document" not in self.errors:
            (data["document"],) = self._documents  # the row was made before there was a document to choose
        document = self._documents.get(data.get("document") or 0)
        if document is None:
            if "document" not in self.errors:
                self.add_error("document", _("Choose a document."))
            return
        page = data.get("page")
        if page is None:
            return
        if page > document.page_count:
            self.add_error("page", _("The document has %(n)s page(s).") % {"n": document.page_count})
            return
        width, height = document.page_sizes[page - 1]
        for name, limit in (("x", width), ("y", height)):
            if data.get(name) is not None and data[name] >= limit:
                self.add_error(name, _("Off the page: less than %(limit)s.") % {"limit": int(limit)})

    def to_input(self) -> TabInput:
        data = self.cleaned_data
        by_anchor = data["placement"] == BY_ANCHOR
        return TabInput(
            kind=TabKind(data["kind"]),
            anchor=data["anchor"] if by_anchor else "",
            document_number=None if by_anchor else data["document"],
            page=None if by_anchor else data["page"],
            x=None if by_anchor else data["x"],
            y=None if by_anchor else data["y"],
            required=data["required"],
            label=data["label"],
        )


def is_removed(form: Any) -> bool:
    return bool(form.cleaned_data.get("DELETE"))


class _Rows(BaseFormSet):
    """Rows the page adds and removes; removed ones stay in the numbering, marked for deletion."""

    deletion_widget = forms.HiddenInput

    @property
    def kept(self) -> list[tuple[int, Any]]:
        """(index, form) of the rows that were filled in and not removed."""
        return [(index, form) for index, form in enumerate(self.forms) if form.has_changed() and not is_removed(form)]


SignerFormSet = cast(
    type[_Rows],
    formset_factory(
        SignerForm,
        formset=_Rows,
        extra=0,
        can_delete=True,
        max_num=MAX_RECIPIENTS,
        absolute_max=MAX_RECIPIENTS + 100,
        validate_max=True,
    ),
)
TabFormSet = cast(
    type[_Rows], formset_factory(TabForm, formset=_Rows, extra=0, can_delete=True, max_num=3000, absolute_max=3000)
)
