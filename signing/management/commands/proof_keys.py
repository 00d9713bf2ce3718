"""`manage.py proof_keys`: the keys that sign proof bundles, and another one from now on."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from signing import events, proof_keys
from signing.models import PortalKind, ProofKey


class Command(BaseCommand):
    help = "List the keys that sign proof bundles. The public halves are published at /verify/keys/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rotate", action="store_true", help="have another key sign from now on")

    def handle(self, *args: Any, rotate: bool, **options: Any) -> None:
        if rotate:
            try:
                row = proof_keys.rotate()
            except ImproperlyConfigured as error:
                raise CommandError(str(error)) from error
            events.record_portal(PortalKind.CHANGED, about=f"proof_key:{row.key_id}", what="proof key", name=row.key_id)
        for key in ProofKey.objects.all():
            until = f"until {key.retired_at:%Y-%m-%d %H:%M}" if key.retired_at else "signs now"
            self.stdout.write(f"{key.key_id}  since {key.created_at:%Y-%m-%d %H:%M}  {until}")
