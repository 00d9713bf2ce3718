"""What a person may ask for, from the command line: an export of, or the erasure of, everything about an address."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from signing.privacy import erasing, exporting
from signing.privacy.subjects import Subject


class Command(BaseCommand):
    help = "Exports or erases everything about an email address."

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        export = deeds.add_parser("export", help="a zip of JSON and documents")
        export.add_argument("email")
        export.add_argument("--to", type=Path, default=Path("export.zip"), help="the file to write")
        erase = deeds.add_parser("erase", help="shows what would go; --yes does it and writes the certificate")
        erase.add_argument("email")
        erase.add_argument("--yes", action="store_true", help="erase, and not only show")
        erase.add_argument("--documents", action="store_true", help="delete the documents of those envelopes as well")
        erase.add_argument("--purge", action="store_true", help="ask to purge at Docusign, which somebody approves")
        erase.add_argument("--to", type=Path, default=Path("certificate.json"), help="where the certificate goes")

    def handle(self, *args: Any, **options: Any) -> None:
        subject = Subject(options["email"])
        if not any(subject.counts().values()):
            raise CommandError("Nothing here is about this address.")
        if options["deed"] == "export":
            with options["to"].open("wb") as file:
                exporting.export(subject, file)
            self.stdout.write(f"Written to {options['to']}.")
            return
        plan = erasing.plan(subject)
        self._show(plan)
        if plan.is_of_staff:
            raise CommandError("It is the address of a member of staff: hand over and deactivate.")
        if not options["yes"]:
            self.stdout.write("Nothing was changed. With --yes it is erased.")
            return
        erasure = erasing.erase(subject, with_documents=options["documents"], purge=options["purge"])
        options["to"].write_text(erasure.certificate)
        self.stdout.write(f"Erased. Certificate: {options['to']}, SHA-256 {erasure.sha256}.")

    def _show(self, plan: erasing.Plan) -> None:
        for kind, count in plan.counts.items():
            self.stdout.write(f"{count:7} {kind}")
        for refusal in plan.refusals:
            where = f"envelope #{refusal.envelope_id}: " if refusal.envelope_id else ""
            self.stdout.write(f"stays: {where}{refusal.why}")
