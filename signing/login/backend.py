"""Who may come in at all."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import User


class StaffBackend(AuthenticationBackend):
    """Passwords, for staff whose account is open. Who ceases to be staff is out with the next click."""

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and user.is_staff
