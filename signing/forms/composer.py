"""The composer: an envelope's text, signers and fields as one page of forms.

A draft may be saved unfinished; only what would be wrong in any case is refused then. Sending asks for
everything Docusign would ask for, and says it at the field.
"""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from signing.authoring import DEFAULT_ANCHOR, SignerInput, access_code_of, missing_anchors
from signing.models import Envelope, EnvelopeStatus, Recipient, TabKind, Verification

from .follow_up import FollowUpForm
from .presentation import PresentationForm
from .rows import BY_ANCHOR, BY_POSITION, SignerFormSet, TabForm, TabFormSet, TextForm, is_removed


class Composer:
    """The page's forms together, filled from the draft or from what was posted."""

    def __init__(self, envelope: Envelope | None, data: Any = None) -> None:
        documents = {d.number: d for d in envelope.documents.all()} if envelope else {}
        self._envelope = envelope
        self.is_template = envelope is not None and envelope.status == EnvelopeStatus.TEMPLATE
        self.documents = list(documents.values())
        self.problems: list[str] = []
        initial = {} if data is not None else _initial(envelope)
        self.text = TextForm(data, initial=initial.get("text"))
        self.follow_up = FollowUpForm(data, instance=envelope)
        self.presentation = PresentationForm(data, instance=envelope)
        self.signers = SignerFormSet(
            data, prefix="signers", initial=initial.get("signers"), form_kwargs={"is_template": self.is_template}
        )
        self.tabs = TabFormSet(data, prefix="tabs", initial=initial.get("tabs"), form_kwargs={"documents": documents})

    def is_valid(self, *, for_sending: bool) -> bool:
        self.text.is_valid()
        self.follow_up.is_valid()
        self.presentation.is_valid()
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
                role_name=form.cleaned_data["role_name"],
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                routing_order=form.cleaned_data["routing_order"],
                language=form.cleaned_data["language"],
                verification=form.cleaned_data["verification"],
                access_code=form.cleaned_data["access_code"],
                tabs=[tab.to_input() for tab in self._tabs_of(index)],
            )
            for index, form in self.signers.kept
        ]

    @property
    def error_count(self) -> int:
        signers = self.signers.kept
        tabs = [tab for index, __ in signers for tab in self._tabs_of(index)]
        forms_in_use = [self.text, self.follow_up, self.presentation, *(form for __, form in signers), *tabs]
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
            if not data.get("email") or "routing_order" not in data:
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
        "signers": [_initial_signer(recipient) for recipient in recipients] or [{"routing_order": 1}],
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


def _initial_signer(recipient: Recipient) -> dict[str, Any]:
    return {
        "role_name": recipient.role_name,
        "name": recipient.name,
        "email": recipient.email,
        "routing_order": recipient.routing_order,
        "language": recipient.language,
        "verification": "" if recipient.verification == Verification.NONE else recipient.verification,
        "access_code": access_code_of(recipient),
    }


def default_tab(signer_index: int) -> dict[str, Any]:
    return {
        "signer": signer_index,
        "kind": TabKind.SIGN_HERE,
        "placement": BY_ANCHOR,
        "anchor": DEFAULT_ANCHOR.format(number=signer_index + 1),
        "page": 1,
        "required": True,
    }
