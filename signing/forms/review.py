"""The composer's last step as forms: what the envelope says, what signers see, what happens afterwards."""

from copy import copy
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from signing.models import Envelope
from signing.models.envelope import MESSAGE_MAX_LENGTH, SUBJECT_MAX_LENGTH

from .follow_up import FollowUpForm
from .presentation import PresentationForm
from .send_as import SendAsForm


class TextForm(forms.Form):
    subject = forms.CharField(
        label=_("Subject"),
        max_length=SUBJECT_MAX_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Please sign: …"), "autocomplete": "off"}),
    )
    message = forms.CharField(
        label=_("Message"),
        max_length=MESSAGE_MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("A few words to everyone (optional)")}),
    )


class Review:
    """The page's forms together. Where a value is not well-formed, the saved one stays."""

    def __init__(self, envelope: Envelope, user: User, data: Any = None) -> None:
        text = {"subject": envelope.subject, "message": envelope.message}
        self.text = TextForm(data, initial=text)
        self.send_as = SendAsForm(data, user=user, chosen=envelope.sent_as)
        self._saved = envelope
        # Forms of models write into their instance while they judge: into one of their own.
        self.follow_up = FollowUpForm(data, instance=copy(envelope))
        self.presentation = PresentationForm(data, instance=copy(envelope))

    @property
    def forms(self) -> tuple[Any, ...]:
        return (self.text, self.send_as, self.follow_up, self.presentation)

    def is_valid(self) -> bool:
        return not self.errors

    def values(self) -> dict[str, Any]:
        """What to save, by the envelope's columns. Call after `is_valid`."""
        return {
            name: form.cleaned_data.get(name, getattr(self._saved, name)) for form in self.forms for name in form.fields
        }

    @property
    def errors(self) -> dict[str, list[str]]:
        """By the names of the page's inputs."""
        return {name: [str(e) for e in errors] for form in self.forms for name, errors in form.errors.items()}
