"""What happens after sending: reminders, expiry, the copy."""

from typing import Any

from django import forms

from signing.authoring import FollowUp
from signing.models import Envelope

DAYS = ("reminder_delay_days", "reminder_frequency_days", "expire_after_days")


class FollowUpForm(forms.ModelForm):
    """Labels, limits and defaults are the model's; the composer writes."""

    class Meta:
        model = Envelope
        fields = (*DAYS, "attach_copy")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DAYS:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """An emptied number is the portal's own."""
        data: dict[str, Any] = super().clean() or {}
        for name in DAYS:
            if data.get(name) is None and name not in self.errors:
                data[name] = getattr(Envelope(), name)
        return data

    def to_input(self) -> FollowUp:
        return FollowUp(**{name: self.cleaned_data[name] for name in self.Meta.fields})
