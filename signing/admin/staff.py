"""Who is logged in to the admin."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def staff_of(request: HttpRequest) -> User:
    """The admin lets nobody else in; this says so to the type checker too."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
