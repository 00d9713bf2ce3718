"""In whose name an envelope goes: the service account's, or that of the person composing it."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signing.branding import brand
from signing.identities import identity_of
from signing.models import SendingIdentity

SERVICE_ACCOUNT = "service-account"


class SendAsForm(forms.Form):
    """Who is chosen already stays on offer, be it a colleague or somebody whose consent is lost."""

    sent_as = forms.ChoiceField(label=gettext_lazy("Send as"), required=False)

    def __init__(self, data: Any, *, user: User, chosen: SendingIdentity | None) -> None:
        self._identities = {str(i.pk): i for i in (identity_of(user), chosen) if i is not None}
        self._chosen = chosen
        super().__init__(data, initial={"sent_as": str(chosen.pk) if chosen else SERVICE_ACCOUNT})
        service = _("%(organisation)s (service account)") % {"organisation": brand().name}
        self.fields["sent_as"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (SERVICE_ACCOUNT, service),
            *((key, _label(identity, user)) for key, identity in self._identities.items()),
        ]

    @property
    def has_choice(self) -> bool:
        return bool(self._identities)

    def clean_sent_as(self) -> SendingIdentity | None:
        """A page that does not ask changes nothing."""
        key = self.cleaned_data["sent_as"]
        return self._identities.get(key) if key else self._chosen


def _label(identity: SendingIdentity, user: User) -> str:
    words = {"name": identity.name, "email": identity.email}
    if not identity.is_in_force:
        return _("%(name)s – not possible any more") % words
    if identity.user_id == user.pk:
        return _("Yourself: %(name)s, %(email)s") % words
    return _("%(name)s, %(email)s (only they can send it)") % words
