"""`manage.py hand_over`: somebody has left; their account is closed, what they hold goes to a successor or a team."""

from dataclasses import fields
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from signing import leaving
from signing.leaving import Holdings, NoSuccessorError, Successor
from signing.models import Team


class Command(BaseCommand):
    help = "Deactivate a member of staff and hand over what they hold. Can be repeated; goes on where it stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--to", metavar="SUCCESSOR", help="username of who takes over")
        parser.add_argument("--team", help="name of the team whose the things are from now on")
        parser.add_argument("--dry-run", action="store_true", help="only count what they hold")

    def handle(self, *args: Any, username: str, to: str, team: str, dry_run: bool, **options: Any) -> None:
        leaver = _user(username)
        holds = leaving.holdings_of(leaver)
        self.stdout.write(f"{leaving.name_of(leaver)} holds: {_words(holds)}.")
        if dry_run:
            return
        try:
            successor = _successor(leaver, to, team)
            leaving.check(leaver, successor)
        except NoSuccessorError as error:
            raise CommandError(str(error)) from error
        leaving.deactivate(leaver)
        if not leaving.hand_over(leaver, successor):
            self._in_steps(leaver, successor)
        self.stdout.write(f"All of it is with {successor.name} now; {leaving.name_of(leaver)} cannot log in any more.")

    def _in_steps(self, leaver: User, to: Successor) -> None:
        done = 0
        while ids := leaving.next_envelopes(leaver.pk):
            done += len(leaving.move_envelopes(leaver, to, ids))
            if self.stdout.isatty():
                self.stdout.write(f"\r{done} envelopes", ending="")


def _successor(leaver: User, to: str, team: str) -> Successor:
    if not to and not team:
        raise CommandError("Say who takes over: --to USERNAME, --team TEAM, or both.")
    found = Team.objects.filter(name=team).first() if team else None
    if team and found is None:
        raise CommandError(f"There is no team “{team}”.")
    if found and not to:
        return leaving.of_team(found, but=[leaver])
    return Successor(_user(to), found)


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user “{username}”.")
    return user


def _words(holds: Holdings) -> str:
    counted = [f"{getattr(holds, column.name)} {column.name}" for column in fields(holds)]
    return ", ".join(text for text in counted if not text.startswith("0 ")) or "nothing"
