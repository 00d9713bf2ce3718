"""A template's name, its roles when it is made of an envelope, and the people who get them when it is used."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signing.copying import Person
from signing.models import Envelope, RecipientKind, Template
from signing.models.envelope import MESSAGE_MAX_LENGTH, SUBJECT_MAX_LENGTH
from signing.models.recipient import EMAIL_MAX_LENGTH, NAME_MAX_LENGTH, ROLE_NAME_MAX_LENGTH
from signing.templates import Role
from signing.visibility import team_choices


class TemplateForm(forms.ModelForm):
    class Meta:
        model = Template
        fields = ["name", "description"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 2}),
        }


class OwnTemplateForm(TemplateForm):
    """Of a template that is there: also whose it is."""

    class Meta(TemplateForm.Meta):
        fields = ["name", "description", "team", "is_shared"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = team_choices(user, self.instance.team_id)  # type: ignore[attr-defined]
        self.fields["team"].empty_label = _("No team: its owner alone")  # type: ignore[attr-defined]


class SaveAsTemplateForm(TemplateForm):
    """Beside name and description: for each recipient, whether their place is left open, and what it is called."""

    def __init__(self, *args: Any, envelope: Envelope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._recipients = list(envelope.recipients.all())
        for position, recipient in enumerate(self._recipients, start=1):
            self.fields[f"open_{recipient.number}"] = forms.BooleanField(
                label=_("Somebody else each time"), required=False, initial=True
            )
            self.fields[f"role_{recipient.number}"] = forms.CharField(
                label=_("Role"),
                max_length=ROLE_NAME_MAX_LENGTH,
                initial=recipient.role_name or _("Signer %(n)s") % {"n": position},
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        seen: set[str] = set()
        for recipient in self._recipients:
            name = (data.get(f"role_{recipient.number}") or "").strip()
            if not data.get(f"open_{recipient.number}"):
                continue
            if not name:
                self.add_error(f"role_{recipient.number}", _("Call it something, such as “Client”."))
            elif name in seen:
                self.add_error(f"role_{recipient.number}", _("Another role is called that."))
            seen.add(name)
        return data

    def open_roles(self) -> dict[int, str]:
        data = self.cleaned_data
        return {r.number: data[f"role_{r.number}"].strip() for r in self._recipients if data[f"open_{r.number}"]}

    def rows(self) -> list[tuple[Any, BoundField, BoundField]]:
        return [(r, self[f"open_{r.number}"], self[f"role_{r.number}"]) for r in self._recipients]


class PeopleForm(forms.Form):
    """Name and email for each role that is open."""

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._roles: Sequence[Role] = [role for role in roles if role.is_open]
        for role in self._roles:
            self.fields[f"name_{role.number}"] = forms.CharField(
                label=_("Name"), max_length=NAME_MAX_LENGTH, initial=role.name
            )
            self.fields[f"email_{role.number}"] = forms.EmailField(
                label=_("Email"),
                max_length=EMAIL_MAX_LENGTH,
                initial=role.email,
                required=role.kind != RecipientKind.IN_PERSON_SIGNER,
            )

    def clean(self) -> dict[str, Any]:
        """Docusign: the same person twice at the same routing order is ENVELOPE_HAS_DUPLICATE_RECIPIENTS."""
        data: dict[str, Any] = super().clean() or {}
        seen: set[tuple[str, int]] = set()
        for role in self._roles:
            email = (data.get(f"email_{role.number}") or "").casefold()
            if email and (email, role.routing_order) in seen:
                self.add_error(f"email_{role.number}", _("This person is already listed with the same order."))
            seen.add((email, role.routing_order))
        return data

    def people(self) -> Mapping[int, Person]:
        data = self.cleaned_data
        return {role.number: Person(data[f"name_{role.number}"], data[f"email_{role.number}"]) for role in self._roles}

    def rows(self) -> list[tuple[Role, BoundField, BoundField]]:
        return [(role, self[f"name_{role.number}"], self[f"email_{role.number}"]) for role in self._roles]


class TextForm(forms.Form):
    """What the people read first, where no composer asks for it."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=SUBJECT_MAX_LENGTH)
    message = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=MESSAGE_MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
