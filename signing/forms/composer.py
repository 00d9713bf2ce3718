"""The composer: an envelope's text, signers and fields as one page of forms.

A draft may be saved unfinished; only what would be wrong in any case is refused then. Sending asks for
everything Docusign would ask for, and says it at the field.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signing.authoring import DEFAULT_ANCHOR, SignerInput, TabInput, missing_anchors
from signing.models import Document, Envelope, TabKind
from signing.models.envelope import MESSAGE_MAX_LENGTH, SUBJECT_MAX_LENGTH
from signing.models.recipient import EMAIL_MAX_LENGTH, MAX_RECIPIENTS, MAX_ROUTING_ORDER, NAME_MAX_LENGTH

from .fields import MultipleFileField

BY_ANCHOR, BY_POSITION = "anchor", "position"


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
    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_MAX_LENGTH)
    email = forms.EmailField(label=gettext_lazy("Email"), max_length=EMAIL_MAX_LENGTH)
    routing_order = forms.IntegerField(label=gettext_lazy("Order"), min_value=1, max_value=MAX_ROUTING_ORDER, initial=1)


class TabForm(forms.Form):
    """One field of one signer; `signer` is the index of the signer's form on the page."""

    signer = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Field"), choices=TabKind.choices)
    placement = forms.ChoiceField(
        label=gettext_lazy("Placed"),
        choices=((BY_ANCHOR, gettext_lazy("at the text")), (BY_POSITION, gettext_lazy("at a position"))),
    )
    anchor = forms.CharField(label=gettext_lazy("Text in the document"), max_length=100, required=False)
    document = forms.TypedChoiceField(
        label=gettext_lazy("Document"), coerce=int, empty_value=None, required=False, choices=()
    )
    page = forms.IntegerField(label=gettext_lazy("Page"), min_value=1, required=False)
    x = forms.IntegerField(label=gettext_lazy("From left"), min_value=0, required=False)
    y = forms.IntegerField(label=gettext_lazy("From top"), min_value=0, required=False)
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


class Composer:
    """The page's forms together, filled from the draft or from what was posted."""

    def __init__(self, envelope: Envelope | None, data: Any = None) -> None:
        documents = {d.number: d for d in envelope.documents.all()} if envelope else {}
        self._envelope = envelope
        self.documents = list(documents.values())
        self.problems: list[str] = []
        initial = {} if data is not None else _initial(envelope)
        self.text = TextForm(data, initial=initial.get("text"))
        self.signers = SignerFormSet(data, prefix="signers", initial=initial.get("signers"))
        self.tabs = TabFormSet(data, prefix="tabs", initial=initial.get("tabs"), form_kwargs={"documents": documents})

    def is_valid(self, *, for_sending: bool) -> bool:
        self.text.is_valid()
        self.tabs.is_valid()
        self.signers.is_valid()
        self.problems = [str(error) for error in self.signers.non_form_errors()]
        self._refuse_twins()
        if for_sending:
            self._ask_for_what_sending_needs()
        return self.error_count == 0

    @property
    def signer_inputs(self) -> list[SignerInput]:
        """What to save. Call after `is_valid` said yes."""
        return [
            SignerInput(
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                routing_order=form.cleaned_data["routing_order"],
                tabs=[tab.to_input() for tab in self._tabs_of(index)],
            )
            for index, form in self.signers.kept
        ]

    @property
    def error_count(self) -> int:
        signers = self.signers.kept
        tabs = [tab for index, __ in signers for tab in self._tabs_of(index)]
        forms_in_use = [self.text, *(form for __, form in signers), *tabs]
        return sum(len(errors) for form in forms_in_use for errors in form.errors.values()) + len(self.problems)

    def cards(self) -> list[dict[str, Any]]:
        """For the template: each signer with their fields."""
        return [
            {
                "index": index,
                "form": form,
                "is_removed": self.signers.is_bound and is_removed(form),
                "tabs": [tab for tab in self.tabs.forms if str(tab["signer"].value()) == str(index)],
            }
            for index, form in enumerate(self.signers.forms)
        ]

    def _tabs_of(self, signer_index: int) -> list[TabForm]:
        return [form for __, form in self.tabs.kept if form.cleaned_data.get("signer") == signer_index]

    def _refuse_twins(self) -> None:
        """Docusign: the same person twice at the same routing order is ENVELOPE_HAS_DUPLICATE_RECIPIENTS."""
        seen: set[tuple[str, int]] = set()
        for __, form in self.signers.kept:
            data = getattr(form, "cleaned_data", {})
            if "email" not in data or "routing_order" not in data:
                continue
            key = (data["email"].casefold(), data["routing_order"])
            if key in seen:
                form.add_error("email", _("This signer is already listed with the same order."))
            seen.add(key)

    def _ask_for_what_sending_needs(self) -> None:
        if not self.text.cleaned_data.get("subject") and "subject" not in self.text.errors:
            self.text.add_error("subject", _("Signers need a subject."))
        if not self.documents and "uploads" not in self.text.errors:
            self.text.add_error("uploads", _("Add at least one PDF."))
        if not self.signers.kept:
            self.problems.append(_("Add at least one signer."))
        for index, form in self.signers.kept:
            kinds = {tab.cleaned_data.get("kind") for tab in self._tabs_of(index)}
            if TabKind.SIGN_HERE not in kinds:
                form.add_error(None, _("Give this signer a place to sign: add a signature field."))
        self._refuse_missing_anchors()

    def _refuse_missing_anchors(self) -> None:
        by_anchor = [
            form
            for index, __ in self.signers.kept
            for form in self._tabs_of(index)
            if form.cleaned_data.get("placement") == BY_ANCHOR and form.cleaned_data.get("anchor")
        ]
        if not by_anchor or not self.documents or self._envelope is None:
            return
        counts = Counter(form.cleaned_data["anchor"] for form in by_anchor)
        missing = missing_anchors(self._envelope, list(counts))
        for form in by_anchor:
            if form.cleaned_data["anchor"] in missing:
                form.add_error(
                    "anchor",
                    _("This text is in none of the documents. Correct it, or place the field at a position."),
                )


def _initial(envelope: Envelope | None) -> dict[str, Any]:
    """Form values of a saved draft; of a new one, a first signer with a signature field."""
    if envelope is None:
        return {"text": {}, "signers": [{"routing_order": 1}], "tabs": [default_tab(0)]}
    recipients = list(envelope.recipients.prefetch_related("tabs__document"))
    return {
        "text": {"subject": envelope.subject, "message": envelope.message},
        "signers": [{"name": r.name, "email": r.email, "routing_order": r.routing_order} for r in recipients]
        or [{"routing_order": 1}],
        "tabs": [
            {
                "signer": index,
                "kind": tab.kind,
                "placement": BY_ANCHOR if tab.anchor else BY_POSITION,
                "anchor": tab.anchor,
                "document": tab.document.number if tab.document else None,
                "page": tab.page,
                "x": tab.x,
                "y": tab.y,
                "required": tab.required,
                "label": tab.label,
            }
            for index, recipient in enumerate(recipients)
            for tab in recipient.tabs.all()
        ]
        or ([] if recipients else [default_tab(0)]),
    }


def default_tab(signer_index: int) -> dict[str, Any]:
    return {
        "signer": signer_index,
        "kind": TabKind.SIGN_HERE,
        "placement": BY_ANCHOR,
        "anchor": DEFAULT_ANCHOR.format(number=signer_index + 1),
        "required": True,
    }
