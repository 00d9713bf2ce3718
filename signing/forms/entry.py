"""What a visitor of a self-service form says of themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signing.models import PublicForm
from signing.models.recipient import EMAIL_MAX_LENGTH, NAME_MAX_LENGTH
from signing.public_forms import Visitor, takes_same_turn


class EntryForm(forms.Form):
    """`website` is a trap: people do not see it, and what fills in everything is no person."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=NAME_MAX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your email address"),
        max_length=EMAIL_MAX_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, public_form: PublicForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "entry_%s"
        self._public_form = public_form

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this empty"))
        return ""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if takes_same_turn(self._public_form, email):
            raise forms.ValidationError(_("This address belongs to somebody else who signs. Please use your own."))
        return email

    def visitor(self, language: str) -> Visitor:
        return Visitor(self.cleaned_data["name"], self.cleaned_data["email"], language)
