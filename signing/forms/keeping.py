"""What staff fill in about keeping, holding and purging."""

from django import forms
from django.utils.translation import gettext_lazy as _

from signing.models import PurgeState, RetentionRule
from signing.models.privacy import HOLD_REASON_MAX_LENGTH


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=HOLD_REASON_MAX_LENGTH)


class PurgeForm(forms.Form):
    purge_state = forms.ChoiceField(label=_("What goes"), choices=PurgeState.choices)
    reason = forms.CharField(label=_("Reason"), max_length=500)


class RuleForm(forms.ModelForm):
    """A template's own rule, or none. `days` empty = for ever."""

    own = forms.BooleanField(label=_("A rule of its own, instead of the site's"), required=False)

    class Meta:
        model = RetentionRule
        fields = ("days", "scope", "purge_state")

    field_order = ("own", "days", "scope", "purge_state")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["days"].required = False
        self.fields["purge_state"].choices = [("", _("Nothing")), *PurgeState.choices]  # type: ignore[attr-defined]
