"""The forms of a bulk send: template and file, columns, a row."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signing.bulk.sheets import MAX_FILE_BYTES
from signing.bulk.targets import Target
from signing.bulk.textfiles import ENCODINGS
from signing.models import BatchMode, BulkBatch, Template

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetField(forms.FileField):
    """Its size alone is judged here: a worker reads it."""

    def __init__(self, **options: Any) -> None:
        widget = forms.FileInput(attrs={"accept": ACCEPTED})
        messages = {"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("The file is empty.")}
        super().__init__(widget=widget, error_messages=messages, **options)

    def clean(self, data: Any, initial: Any = None) -> UploadedFile:
        file: UploadedFile = super().clean(data, initial)
        if file and (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s. Split it into several.")
                % {"limit": filesizeformat(MAX_FILE_BYTES)}
            )
        return file


class StartForm(forms.Form):
    template = forms.ModelChoiceField(
        queryset=Template.objects.none(),
        label=gettext_lazy("Template"),
        empty_label=gettext_lazy("Choose …"),
        error_messages={"required": gettext_lazy("Choose a template.")},
    )
    file = SheetField(label=gettext_lazy("CSV or Excel file"))
    name = forms.CharField(
        label=gettext_lazy("Name of this bulk send"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": gettext_lazy("As the file is called")}),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How people get it"),
        choices=BatchMode.choices,
        initial=BatchMode.SINGLE,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, templates: QuerySet[Template], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]

    def clean_mode(self) -> str:
        return self.cleaned_data["mode"] or BatchMode.SINGLE


class FileForm(forms.Form):
    file = SheetField(label=gettext_lazy("CSV or Excel file"))


class EncodingForm(forms.Form):
    encoding = forms.ChoiceField(label=gettext_lazy("Read the text as"), choices=list(ENCODINGS.items()))


class ColumnsForm(forms.Form):
    """For each target a column; for names a second one, for those whose last name stands apart."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        batch: BulkBatch,
        targets: Sequence[Target],
        mapping: Mapping[str, Sequence[int]],
    ) -> None:
        super().__init__(data)
        self._targets = targets
        choices = [("", _("Nothing")), *((str(index), header) for index, header in enumerate(batch.headers))]
        for position, target in enumerate(targets):
            chosen = [str(index) for index in mapping.get(target.key, ())]
            for part, name in enumerate(self._names_of(position, target)):
                field = forms.ChoiceField(choices=choices, required=False, label=_label(target, part))
                field.initial = chosen[part] if part < len(chosen) else ""
                field.widget.attrs = {"data-column": ""}
                self.fields[name] = field

    def lines(self) -> list[tuple[Target, list[forms.BoundField]]]:
        return [
            (target, [self[name] for name in self._names_of(position, target)])
            for position, target in enumerate(self._targets)
        ]

    def mapping(self) -> dict[str, list[int]]:
        found = {}
        for position, target in enumerate(self._targets):
            chosen = [self.cleaned_data[name] for name in self._names_of(position, target)]
            if columns := [int(index) for index in chosen if index]:
                found[target.key] = columns
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for position, target in enumerate(self._targets):
            name = f"t{position}"
            if target.required and name not in self.errors and not data.get(name):
                self.add_error(name, _("Choose the column that fills this."))
        return data

    def _names_of(self, position: int, target: Target) -> list[str]:
        return [f"t{position}", f"t{position}b"] if target.takes_two_columns else [f"t{position}"]


class RowForm(forms.Form):
    """The cells of one row. `errors_by_column` says what a check found."""

    def __init__(self, data: Mapping[str, Any] | None, *, headers: Sequence[str], cells: Sequence[str]) -> None:
        super().__init__(data)
        self._width = max(len(headers), len(cells))
        for index in range(self._width):
            cell = cells[index] if index < len(cells) else ""
            is_long = len(cell) > 80 or "\n" in cell
            self.fields[f"c{index}"] = forms.CharField(
                label=headers[index] if index < len(headers) else _("Without a name"),
                required=False,
                initial=cell,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def cells(self, width: int) -> list[str]:
        """Cells beyond the last column count only while something stands in them."""
        cells = [self.cleaned_data[f"c{index}"] for index in range(self._width)]
        while len(cells) > width and not cells[-1]:
            cells.pop()
        return cells


def _label(target: Target, part: int) -> str:
    label = f"{target.role}: {target.label}" if target.role else target.label
    return _("%(label)s, second part") % {"label": label} if part else label
