"""`manage.py docusign_connect`: have Docusign tell the portal about all its envelopes, by one configuration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from signing import connect_registration
from signing.docusign import DocusignError
from signing.payloads import connect_url


class Command(BaseCommand):
    help = "Make or mend the account's Connect configuration at Docusign (DOCUSIGN_CONNECT=account)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if it is not as it should be")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if settings.DOCUSIGN_CONNECT != "account":
            raise CommandError("Set DOCUSIGN_CONNECT=account first; otherwise envelopes ask for their own messages.")
        if not settings.DOCUSIGN_CONNECT_KEYS:
            raise CommandError("Set DOCUSIGN_CONNECT_KEYS first; without a key every message would be refused.")
        try:
            before = connect_registration.check() if check else connect_registration.register()
        except DocusignError as error:
            raise CommandError(f"{error.staff_message} ({error})") from error
        if check and not before.is_good:
            raise CommandError(f"Not as it should be: {', '.join(before.wrong) or 'there is no configuration'}.")
        done = "created" if not before.exists else f"mended ({', '.join(before.wrong)})" if before.wrong else "in order"
        self.stdout.write(f"Connect to {connect_url()}: {done}.")
