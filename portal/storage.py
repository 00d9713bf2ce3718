"""Static files with hashed names, cached for ever."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ForgivingManifestStorage(CompressedManifestStaticFilesStorage):
    """A forgotten collectstatic costs the looks of a page, not the page (nor the error page)."""

    manifest_strict = False
    support_js_module_import_aggregation = True  # modules import modules by their hashed names

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name
