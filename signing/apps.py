"""The signing app."""

from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "signing"
    verbose_name = "Signing"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the system checks)
