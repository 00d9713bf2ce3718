"""A self-service form as staff set it up."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signing import templates
from signing.models import PublicForm, Template
from signing.public_forms import open_role

RESERVED_SLUGS = frozenset({"new", "admin"})


class PublicFormForm(forms.ModelForm):
    class Meta:
        model = PublicForm
        fields = (
            "title",
            "slug",
            "template",
            "introduction",
            "language",
            "is_active",
            "open_from",
            "open_until",
            "max_count",
            "one_per_email",
            "verify_email",
            "frame_origins",
            "team",
        )
        help_texts = {
            "slug": gettext_lazy("The end of the form's own address. Changing it breaks links and codes given out."),
            "template": gettext_lazy("It needs exactly one open role: that of whoever opens the form."),
            "introduction": gettext_lazy("What it is about, in a few plain words. An empty line begins a paragraph."),
            "language": gettext_lazy("Of the page and the mails. Empty = as the visitor's browser has it."),
            "max_count": gettext_lazy("Empty = without limit."),
            "one_per_email": gettext_lazy("Who comes again gets the link to their first copy."),
            "verify_email": gettext_lazy("6 digits to their mailbox, before anything is made for them."),
            "team": gettext_lazy("Its members see the form and what is begun on it."),
            "frame_origins": gettext_lazy(
                "Sites that may show it in a frame, one a line, such as https://www.example.com. Empty = none."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "template" in self.fields:
            usable = self.fields["template"].queryset.filter(version__gt=0, archived_at=None)  # type: ignore[attr-defined]
            if self.instance.template_id:
                usable |= Template.objects.filter(pk=self.instance.template_id)
            self.fields["template"].queryset = usable  # type: ignore[attr-defined]

    def clean_template(self) -> Template:
        template: Template = self.cleaned_data["template"]
        if open_role(templates.roles_of(template.content)) is None:
            raise forms.ValidationError(
                _("Exactly one role of this template must be open, and sign. All others need a name and an address.")
            )
        return template

    def clean_frame_origins(self) -> str:
        lines = [line.strip().rstrip("/") for line in self.cleaned_data["frame_origins"].splitlines()]
        origins = [line for line in lines if line]
        for origin in origins:
            if not _is_origin(origin):
                raise forms.ValidationError(
                    _("“%(text)s” is no site: write it as https://www.example.com.") % {"text": origin[:80]}
                )
        return "\n".join(origins)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        begin, end = data.get("open_from"), data.get("open_until")
        if begin and end and end <= begin:
            self.add_error("open_until", _("This is before it opens."))
        return data


def _is_origin(text: str) -> bool:
    """Nothing that would end the header's directive, or mean more than one site."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_plain = all(character.isalnum() or character in "-." for character in host) and host.isascii()
    expected = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    return parts.scheme in ("https", "http") and bool(host) and is_plain and text.lower() == expected
