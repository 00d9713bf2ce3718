"""Rows of the composer's first step: documents that are there, and recipients.

Rows are told apart by what they carry (a document's primary key, a recipient's number), so that saving changes what
was meant, whatever the order on the page.
"""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from signing.models import Delivery, RecipientKind, Verification
from signing.models.recipient import (
    ACCESS_CODE_MAX_LENGTH,
    EMAIL_MAX_LENGTH,
    MAX_RECIPIENTS,
    MAX_ROUTING_ORDER,
    NAME_MAX_LENGTH,
    PRIVATE_MESSAGE_MAX_LENGTH,
    ROLE_NAME_MAX_LENGTH,
)

from .fields import UploadField

ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,application/pdf,image/png,image/jpeg"
MAX_DOCUMENTS = 500
NO_SUGGESTIONS = {"autocomplete": "off", "data-1p-ignore": "", "data-lpignore": "true"}


class DocumentForm(forms.Form):
    """`place` is where it stands among the others; a `file` takes the place of the present one."""

    pk = forms.IntegerField(widget=forms.HiddenInput)
    place = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=100, required=False, widget=forms.TextInput(NO_SUGGESTIONS))
    file = UploadField(label=_("Replace"), required=False, widget=forms.FileInput({"accept": ACCEPTED}))


class RecipientForm(forms.Form):
    """Whatever is well-formed can be kept in a draft; what is still missing, the linter says before sending."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    routing_order = forms.IntegerField(
        label=_("Order"), min_value=1, max_value=MAX_ROUTING_ORDER, initial=1, required=False
    )
    role_name = forms.CharField(label=_("Role"), max_length=ROLE_NAME_MAX_LENGTH, required=False)
    name = forms.CharField(
        label=_("Name"), max_length=NAME_MAX_LENGTH, required=False, widget=forms.TextInput(NO_SUGGESTIONS)
    )
    email = forms.EmailField(
        label=_("Email"), max_length=EMAIL_MAX_LENGTH, required=False, widget=forms.EmailInput(NO_SUGGESTIONS)
    )
    kind = forms.ChoiceField(label=_("Part"), choices=RecipientKind.choices, required=False)
    host_name = forms.CharField(label=_("Host's name"), max_length=NAME_MAX_LENGTH, required=False)
    host_email = forms.EmailField(label=_("Host's email"), max_length=EMAIL_MAX_LENGTH, required=False)
    delivery = forms.ChoiceField(label=_("Invited by"), choices=Delivery.choices, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As usual")), *settings.LANGUAGES], required=False
    )
    verification = forms.ChoiceField(label=_("Who are you?"), choices=Verification.choices, required=False)
    access_code = forms.CharField(
        label=_("Access code"),
        max_length=ACCESS_CODE_MAX_LENGTH,
        required=False,
        widget=forms.TextInput(NO_SUGGESTIONS),
        help_text=_("Tell it to them yourself: no mail says it."),
    )
    private_message = forms.CharField(
        label=_("Private message"),
        max_length=PRIVATE_MESSAGE_MAX_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Only this person reads it."),
    )

    @property
    def is_filled_in(self) -> bool:
        """Somebody is meant: a row with a name, an address or a role, or one that is in the draft already."""
        values = (self[name].value() for name in ("number", "name", "email", "role_name"))
        return any(str(value).strip() for value in values if value is not None)


class _Rows(BaseFormSet):
    """Rows that the page adds and removes; removed ones stay in the numbering, marked for deletion."""

    deletion_widget = forms.HiddenInput

    @property
    def kept(self) -> list[tuple[int, Any]]:
        """(index, form) of the rows that were not removed."""
        return [(index, form) for index, form in enumerate(self.forms) if not form.cleaned_data.get("DELETE")]


DocumentFormSet = cast(
    type[_Rows],
    formset_factory(DocumentForm, formset=_Rows, extra=0, can_delete=True, max_num=MAX_DOCUMENTS, absolute_max=1000),
)
RecipientFormSet = cast(
    type[_Rows],
    formset_factory(
        RecipientForm,
        formset=_Rows,
        extra=0,
        can_delete=True,
        max_num=MAX_RECIPIENTS,
        absolute_max=MAX_RECIPIENTS + 100,
        validate_max=True,
    ),
)
