"""Who sends a request, for the timeline of what it does."""

from collections.abc import Callable
from functools import partial
from ipaddress import ip_address

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase

from signing.acting import Actor, acting

from .addresses import nearest_address


class KnownActor:
    """Whatever a request does, it does in the name of who is logged in, from where they come."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting(Actor(partial(_user, request), _address(request))):
            return self._get_response(request)


def _user(request: HttpRequest) -> User | None:
    """The user itself, not the lazy stand-in that models cannot hold."""
    return User.objects.filter(pk=request.user.pk).first() if request.user.is_authenticated else None


def _address(request: HttpRequest) -> str:
    try:
        return str(ip_address(nearest_address(request)))
    except ValueError:
        return ""
