"""What staff fill in on the page of an envelope."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from signing.correcting import Correction, orders
from signing.models import Envelope, Recipient, Team
from signing.models.mail import NOTE_MAX_LENGTH
from signing.models.recipient import EMAIL_MAX_LENGTH, MAX_ROUTING_ORDER, NAME_MAX_LENGTH
from signing.visibility import colleagues, team_choices

REVEAL_REASON_MAX_LENGTH = 300


class RevealForm(forms.Form):
    """Why a member of staff needs a signer's link: it stands in the timeline."""

    reason = forms.CharField(label=_("Why"), max_length=REVEAL_REASON_MAX_LENGTH)


class RemindForm(forms.Form):
    note = forms.CharField(label=_("A few words of yours"), max_length=NOTE_MAX_LENGTH, required=False)


class CorrectForm(forms.Form):
    """Bound to nothing: Docusign is asked first, and the row follows."""

    name = forms.CharField(label=_("Name"), max_length=NAME_MAX_LENGTH)
    email = forms.EmailField(label=_("Email"), max_length=EMAIL_MAX_LENGTH)
    routing_order = forms.IntegerField(label=_("Order"), min_value=1, max_value=MAX_ROUTING_ORDER)

    def __init__(self, data: Mapping[str, Any] | None = None, *, recipient: Recipient) -> None:
        initial = {name: getattr(recipient, name) for name in ("name", "email", "routing_order")}
        super().__init__(data, initial=initial, prefix=f"r{recipient.number}")
        allowed = orders(recipient)
        self.fields["routing_order"].widget.attrs |= {"min": allowed.start, "max": allowed.stop - 1}
        if len(allowed) == 1:
            self.fields["routing_order"].widget.attrs["readonly"] = True

    def correction(self) -> Correction:
        return Correction(**self.cleaned_data)


class OwnerForm(forms.Form):
    """`user` gives it away: to those they know of, which are all for who sees all."""

    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(user)  # type: ignore[attr-defined]
        self.fields["owner"].label_from_instance = name_of  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    """Of an envelope, for whoever may choose among several."""

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("No team: its owner alone")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, envelope: Envelope, user: User) -> None:
        super().__init__(data, initial={"team": envelope.team_id})
        self.choices = team_choices(user, envelope.team_id)
        self.fields["team"].queryset = self.choices  # type: ignore[attr-defined]
        self.fields["team"].widget.attrs["form"] = "team-choice"

    @property
    def has_choices(self) -> bool:
        return self.choices.exists()


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()
