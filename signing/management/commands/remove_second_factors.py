"""`manage.py remove_second_factors`: for a colleague whose app, keys and recovery codes are all lost."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from signing import tasks
from signing.events import record_portal
from signing.models import ActorKind
from signing.models.event import PortalKind

WHAT = "second_factors_removed"


class Command(BaseCommand):
    help = "Remove app, keys and recovery codes of one member of staff, who is told by mail. Be sure who asks you to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody has the username {username}.")
        with transaction.atomic():
            removed, _ = Authenticator.objects.filter(user=user).delete()
            if not removed:
                raise CommandError(f"{username} has no second factor.")
            record_portal(PortalKind.SIGN_IN_CHANGED, about=f"user:{user.pk}", by=ActorKind.SYSTEM, what=WHAT)
            tasks.ring(tasks.mail_staff, WHAT, user.pk)
        self.stdout.write(f"Removed. {username} logs in by password, and sets up new ones at /account/security/.")
