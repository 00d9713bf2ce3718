"""`manage.py docusign doctor`: is everything set up as it must be? `manage.py docusign connect`: ask for messages."""

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from signing import connect_registration, doctor
from signing.doctor import Check, Finding, Status
from signing.docusign import DocusignError
from signing.payloads import connect_url

STYLES = {Status.OK: "SUCCESS", Status.WARNING: "WARNING", Status.FAILED: "ERROR", Status.SKIPPED: "NOTICE"}


class Command(BaseCommand):
    help = "Look after the connection to Docusign."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        examine = commands.add_parser("doctor", help="Check everything; what is wrong comes with its remedy.")
        examine.add_argument("--json", action="store_true", help="for programs")
        examine.add_argument("--test-mail", metavar="ADDRESS", default="", help="send one mail there as well")
        connect = commands.add_parser(
            "connect", help="Make or mend the account's Connect configuration at Docusign (DOCUSIGN_CONNECT=account)."
        )
        connect.add_argument("--check", action="store_true", help="change nothing; fail if it is not as it should be")

    def handle(self, *args: Any, command: str, **options: Any) -> None:
        if command == "doctor":
            self._examine(as_json=options["json"], test_mail=options["test_mail"])
        else:
            self._connect(check=options["check"])

    def _examine(self, *, as_json: bool, test_mail: str) -> None:
        """Ends with exit code 1 if anything failed."""
        told: list[dict[str, Any]] = []
        worst = set()
        for name, title, finding in _findings(test_mail):
            worst.add(finding.status)
            if as_json:
                told.append(_as_data(name, title, finding))
            else:
                self._tell(title, finding)
        if as_json:
            self.stdout.write(json.dumps({"is_well": Status.FAILED not in worst, "findings": told}, indent=2))
        elif Status.FAILED not in worst:
            self.stdout.write("Nothing failed.")
        if Status.FAILED in worst:
            sys.exit(1)

    def _tell(self, title: str, finding: Finding) -> None:
        style = getattr(self.style, STYLES[finding.status])
        self.stdout.write(f"{style(f'{finding.status:<8}')} {title}: {finding.sentence}")
        if finding.status == Status.OK:
            return
        if finding.remedy:
            self.stdout.write(f"{'':9}→ {finding.remedy}")
        for label, value in finding.facts.items():
            self.stdout.write(f"{'':9}{label}: {value}")
        for link in finding.links:
            self.stdout.write(f"{'':9}{link.label}: {link.url}")

    def _connect(self, *, check: bool) -> None:
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


def _findings(test_mail: str) -> Any:
    """Name, title and finding of each check, as they come."""
    check: Check
    for check, finding in doctor.examine():
        yield check.name, str(check.title), finding
    if test_mail:
        yield "test_mail", "Test mail", doctor.send_test_mail(test_mail)


def _as_data(name: str, title: str, finding: Finding) -> dict[str, Any]:
    return {
        "check": name,
        "title": title,
        "status": finding.status.value,
        "sentence": finding.sentence,
        "remedy": finding.remedy,
        "facts": finding.facts,
        "links": {link.kind: link.url for link in finding.links},
    }
