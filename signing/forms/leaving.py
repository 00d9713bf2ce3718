"""Who takes over from somebody who leaves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from signing import leaving
from signing.leaving import NoSuccessorError, Successor
from signing.models import Team


class StaffChoice(forms.ModelChoiceField):
    """By their names."""

    def label_from_instance(self, obj: Any) -> str:
        return leaving.name_of(obj)


class HandOverForm(forms.Form):
    """A person, a team, or a person of a team. `successor()` once it is valid."""

    to = StaffChoice(label=_("Successor"), queryset=User.objects.none(), required=False)
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.all(),
        required=False,
        help_text=_("Without a successor, whoever of the team has the fewest envelopes on their way answers for them."),
    )

    def __init__(self, *args: Any, leavers: Sequence[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self._leavers = leavers
        self.fields["to"].queryset = leaving.successors(but=leavers)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        to, team = found.get("to"), found.get("team")
        if self.errors:
            return found
        try:
            if to:
                self._successor = Successor(to, team)
            elif team:
                self._successor = leaving.of_team(team, but=self._leavers)
            else:
                raise NoSuccessorError(_("Choose who takes over: a person, a team, or both."))
            for leaver in self._leavers:
                leaving.check(leaver, self._successor)
        except NoSuccessorError as error:
            raise forms.ValidationError(str(error)) from error
        return found

    def successor(self) -> Successor:
        return self._successor
