"""What the rules of retention would delete now, and deleting it without waiting for the worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from signing.privacy import retention


class Command(BaseCommand):
    help = "Deletes what is due by the rules of retention; --dry-run says what that would be."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            for group in retention.preview(now):
                self.stdout.write(self._line(group))
                for envelope in group.first:
                    self.stdout.write(f"    #{envelope.pk}")
            return
        gone = 0
        while done := retention.apply_due(now):
            gone += done
        self.stdout.write(f"{gone} deleted.")

    def _line(self, group: retention.Due) -> str:
        count = f"more than {retention.COUNT_UP_TO}" if group.is_more else str(group.count)
        if group.is_of_drafts:
            return f"{count} drafts that nobody has touched"
        whose = f"template “{group.rule.name}”" if group.rule.name else "the site"
        return f"{count} by the rule of {whose}: {group.rule.days} days, then {group.rule.scope.label}"
