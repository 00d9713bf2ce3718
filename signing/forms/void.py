"""Voiding an envelope."""

from django import forms
from django.utils.translation import gettext_lazy

from signing.models.envelope import VOID_REASON_MAX_LENGTH


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason, shown to the signers"),
        max_length=VOID_REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "required": True}),
    )
