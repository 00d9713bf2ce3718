"""`manage.py audit verify`: is the evidence what was written? `manage.py audit anchor`: write today's anchor now."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from signing import anchoring, auditing


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Command(BaseCommand):
    help = "The evidence: verify it (exit code 1 when something is wrong, with the names of the rows), or anchor it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        verify = deeds.add_parser("verify", help="Go through all chains and anchors.")
        verify.add_argument("--since", type=moment, metavar="YYYY-MM-DD", help="Only what went on since that day.")
        verify.add_argument("--envelope", type=int, metavar="N", help="Only this envelope's chain.")
        deeds.add_parser("anchor", help="Write an anchor over all events since the last one, and tell of it outside.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["deed"] == "anchor":
            made = anchoring.write_anchors()
            for anchor in made:
                self.stdout.write(f"Anchor {anchor.number} over {anchor.count} events: {anchor.hash}")
            if not made:
                self.stdout.write("Nothing has happened since the last anchor.")
            return
        result = auditing.look_through(since=options["since"], envelope_id=options["envelope"])
        for line in result.named:
            self.stdout.write(line)
        for name in result.missing_triggers:
            self.stdout.write(f"The trigger {name} is missing: somebody with rights over the database took it down.")
        if not result.is_good:
            more = f", the first {len(result.named)} of them above" if result.faults > len(result.named) else ""
            raise CommandError(f"{result.looked}: {result.faults} faults{more}.", returncode=1)
        self.stdout.write(f"{result.looked}: all as it was written.")
