"""Form fields that Django lacks. The content of a file is judged where it is read, not here."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class UploadField(forms.FileField):
    """One file or None, an empty one included."""

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        return data or None


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Any number of files; cleans to a list."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return list(data or [])
