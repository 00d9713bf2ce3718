"""When a draft is to be sent."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signing.scheduling import LONGEST

AS_BROWSERS_SPELL_IT = "%Y-%m-%dT%H:%M"
USUAL_HOUR = 9


class ScheduleForm(forms.Form):
    """The moment is meant in the portal's time zone, which the page names."""

    send_at = forms.DateTimeField(
        label=gettext_lazy("Send at"),
        input_formats=[AS_BROWSERS_SPELL_IT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=AS_BROWSERS_SPELL_IT),
        error_messages={
            "required": gettext_lazy("Choose a day and a time."),
            "invalid": gettext_lazy("Choose a day and a time."),
        },
    )

    def clean_send_at(self) -> datetime:
        send_at: datetime = self.cleaned_data["send_at"]
        now = timezone.now()
        if send_at <= now:
            raise forms.ValidationError(_("This moment has passed already."))
        if send_at > now + LONGEST:
            raise forms.ValidationError(_("That is more than a year from now."))
        return send_at


def schedule_form(send_at: datetime | None, data: Any = None) -> ScheduleForm:
    """With the moment chosen, or tomorrow morning."""
    tomorrow = timezone.localtime() + timedelta(days=1)
    usual = tomorrow.replace(hour=USUAL_HOUR, minute=0, second=0, microsecond=0)
    return ScheduleForm(data, initial={"send_at": timezone.localtime(send_at) if send_at else usual})
