"""The composer's first step as forms: documents and recipients, filled from the draft or from what was posted.

A draft is kept unfinished: each value that is well-formed is taken over, and where one is not, the saved one stays.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from signing.authoring import SignerInput, access_code_of
from signing.models import Delivery, Document, Envelope, Recipient, RecipientKind, Verification

from .fields import MultipleFileField
from .rows import ACCEPTED, DocumentForm, DocumentFormSet, RecipientForm, RecipientFormSet

FIRST_ROW = {"routing_order": 1, "kind": RecipientKind.SIGNER, "delivery": Delivery.PORTAL}
PLAIN = ("name", "email", "role_name", "host_name", "host_email", "language", "private_message", "access_code")


class UploadForm(forms.Form):
    uploads = MultipleFileField(
        label=_("Add files"), required=False, widget=MultipleFileField.widget(attrs={"accept": ACCEPTED})
    )


class Composer:
    """`documents` and `recipients` are formsets, `uploads` the files that come along."""

    def __init__(
        self, envelope: Envelope | None, data: Any = None, files: Any = None, *, has_blank_row: bool = False
    ) -> None:
        self.envelope = envelope
        self._documents = {d.pk: d for d in envelope.documents.all()} if envelope else {}
        self._names = {d.pk: d.name for d in self._documents.values()}
        self._recipients = {r.number: r for r in envelope.recipients.all()} if envelope else {}
        self.uploads = UploadForm(data, files)
        initial = [_initial_document(document) for document in self._documents.values()]
        self.documents = DocumentFormSet(data, files, prefix="documents", initial=None if data else initial)
        people = [initial_recipient(recipient) for recipient in self._recipients.values()]
        if has_blank_row or not people:
            last = max((recipient.routing_order for recipient in self._recipients.values()), default=0)
            people.append(FIRST_ROW | {"routing_order": last + 1})
        self.recipients = RecipientFormSet(data, prefix="recipients", initial=None if data else people)

    def is_valid(self) -> bool:
        """Also reads the posted values, so call it first."""
        return all((self.uploads.is_valid(), self.documents.is_valid(), self.recipients.is_valid()))

    @property
    def errors(self) -> dict[str, list[str]]:
        """By the names of the page's inputs; the empty name is for the page as a whole."""
        forms_here = [form for rows in (self.documents, self.recipients) for _index, form in rows.kept]
        found = {
            form.add_prefix(name): [str(error) for error in errors]
            for form in forms_here
            for name, errors in form.errors.items()
        }
        if general := [str(e) for rows in (self.documents, self.recipients) for e in rows.non_form_errors()]:
            found[""] = general
        return found

    def document_rows(self) -> list[tuple[DocumentForm, Document]]:
        """For the page: the forms of documents that are there."""
        return [
            (form, self._documents[pk])
            for form in self.documents.forms
            if (pk := _number(form["pk"].value())) in self._documents
        ]

    def removed_documents(self) -> list[int]:
        """Their numbers."""
        return [
            self._documents[pk].number
            for form in self.documents.forms
            if form.cleaned_data.get("DELETE") and (pk := form.cleaned_data.get("pk")) in self._documents
        ]

    def document_names(self) -> dict[int, str]:
        """The changed ones, by primary key: a replacement brings its own."""
        rows = [form.cleaned_data for _index, form in self.documents.kept]
        named = {data["pk"]: data["name"] for data in rows if data.get("name") and "pk" in data}
        return {pk: name for pk, name in named.items() if name != self._names.get(pk)}

    def document_order(self) -> list[int]:
        """Primary keys, by the places posted; who has none keeps to the rows' order."""
        rows = [form.cleaned_data for _index, form in self.documents.kept if "pk" in form.cleaned_data]
        placed = sorted(enumerate(rows), key=lambda row: row[1].get("place") or row[0] + 1)
        return [data["pk"] for _index, data in placed]

    def replacements(self) -> list[tuple[Document, Any]]:
        """(document, the file that shall take its place)."""
        return [
            (self._documents[form.cleaned_data["pk"]], form.cleaned_data["file"])
            for _index, form in self.documents.kept
            if form.cleaned_data.get("file") and form.cleaned_data.get("pk") in self._documents
        ]

    def signer_inputs(self) -> list[tuple[int, SignerInput]]:
        """(index of the row, what to save) of every row that means somebody."""
        return [(index, self._input(form)) for index, form in self.recipients.kept if form.is_filled_in]

    def _input(self, form: RecipientForm) -> SignerInput:
        number = form.cleaned_data.get("number")
        saved = initial_recipient(self._recipients[number]) if number in self._recipients else FIRST_ROW
        data = {**saved, **form.cleaned_data}
        return SignerInput(
            number=number,
            routing_order=data["routing_order"] or 1,
            kind=RecipientKind(data["kind"] or RecipientKind.SIGNER),
            delivery=Delivery(data["delivery"] or Delivery.PORTAL),
            verification=Verification(data.get("verification") or Verification.NONE),
            **{name: data.get(name, "") for name in PLAIN},
        )


def initial_recipient(recipient: Recipient) -> dict[str, Any]:
    names = ("number", "routing_order", "kind", "delivery", "verification", *PLAIN[:-1])
    return {name: getattr(recipient, name) for name in names} | {"access_code": access_code_of(recipient)}


def _initial_document(document: Document) -> dict[str, Any]:
    return {"pk": document.pk, "place": document.number, "name": document.name}


def _number(value: Any) -> int | None:
    return int(value) if str(value).isdecimal() else None
