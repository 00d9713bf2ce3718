"""What signers see around the documents, and how the ceremony opens."""

from django import forms

from signing.authoring import Presentation
from signing.models import Envelope


class PresentationForm(forms.ModelForm):
    """Labels, limits and defaults are the model's; the composer writes."""

    class Meta:
        model = Envelope
        fields = ("summary", "ceremony_display", "allows_hand_over")
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}

    def to_input(self) -> Presentation:
        return Presentation(**{name: self.cleaned_data[name] for name in self.Meta.fields})
