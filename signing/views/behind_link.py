"""The door to every page behind a signer's link: who may open it, and what nobody else may keep of it."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from signing.ceremony import hosts
from signing.limits import WRONG_LINKS
from signing.links import Link, find_link, is_well_formed

from .addresses import client_address
from .languages import speak_to
from .policy import policy

Page = Callable[[HttpRequest, Link], HttpResponseBase]


def behind_link(page: Page) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """`page` gets the link that was found; all others are told what may be wrong, and after many, to wait.

    The wait is for right links, too, or guessing would go on. A link broken by a mail program is no guess.
    """

    @login_not_required
    @never_cache
    @wraps(page)
    def opened(request: HttpRequest, link_token: str) -> HttpResponseBase:
        if not is_well_formed(link_token):
            return _private(_unknown(request))
        address = client_address(request)
        if WRONG_LINKS.is_reached(address):
            return _private(_wait(request))
        link = find_link(link_token)
        if link is None:
            WRONG_LINKS.count(address)
            return _private(_unknown(request))
        speak_to(request, link)
        return _private(page(request, link))

    return opened


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "signing/unknown_link.html", status=404)


def _wait(request: HttpRequest) -> HttpResponse:
    response = render(request, "signing/too_many_links.html", status=429)
    response["Retry-After"] = str(WRONG_LINKS.seconds)
    return response


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Behind a secret address: kept out of search engines, and the address out of other hosts' logs."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Content-Security-Policy", policy(forms=hosts().ways))
    return response
