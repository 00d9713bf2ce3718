"""The pages a person meets at `/oauth/auth`: who are you, and do you allow this (reference 1.6).

Nobody logs in here: anyone may be anyone. A robot posts `user=<guid>&decision=accept` and needs no page.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sandbox import tokens
from sandbox.models import Membership, User

from . import asked, codes, permission, session
from .asked import Asked


@csrf_exempt  # no session exists that a forged post could abuse: anyone here may act for anyone
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Choose a user, ask for what they have not allowed yet, go back with a code (or an implicit token)."""
    try:
        wish = asked.read(request.GET)
    except asked.RefusedError as refusal:
        return render(request, "sandbox/refused.html", {"reason": str(refusal)}, status=400)
    decision = request.POST.get("decision", "")
    if decision and decision != "accept":
        return _back(wish, {"error": "access_denied", "error_message": "The user did not consent."})
    people = _people(wish)
    user = _chosen(request, wish, people)
    if user is None:
        return render(request, "sandbox/choose_user.html", {"key": wish.key, "people": people, "wish": wish})
    _activate(user)
    if decision == "accept":
        _allow(wish, user)
    elif permission.missing(user, wish.key, [*wish.scopes, *wish.admin_scopes]):
        return session.remember(render(request, "sandbox/consent.html", _consent_page(wish, user)), user)
    return session.remember(_back(wish, _grant(wish, user)), user)


def _people(wish: Asked) -> QuerySet[User]:
    """Everyone who may answer: for everyone, only administrators."""
    open_memberships = Membership.objects.exclude(status="Closed")
    if wish.admin_scopes:
        open_memberships = open_memberships.filter(is_admin=True)
    rows = User.objects.filter(is_active=True, pk__in=open_memberships.values("user_id"))
    return rows.prefetch_related("memberships__account").order_by("pk")


def _chosen(request: HttpRequest, wish: Asked, people: QuerySet[User]) -> User | None:
    """Chosen on the page, named by the application, logged in already, or the only one there is."""
    if posted := request.POST.get("user", ""):
        return people.filter(guid=posted.lower()).first()
    for name in (wish.login_hint, "" if wish.wants_login else session.current(request)):
        found = people.filter(Q(guid=name.lower()) | Q(email__iexact=name)).first() if name else None
        if found is not None:
            return found
    first_two = list(people[:2])
    return first_two[0] if len(first_two) == 1 else None


def _activate(user: User) -> None:
    """Who was invited through the API and logs in has taken up the invitation."""
    user.memberships.filter(status="ActivationSent").update(status="Active")


def _allow(wish: Asked, user: User) -> None:
    permission.allow(user, wish.key, wish.scopes)
    permission.allow(None, wish.key, wish.admin_scopes)


def _consent_page(wish: Asked, user: User) -> dict[str, object]:
    return {
        "user": user,
        "account": user.accounts.order_by("-memberships__is_default", "pk").first(),
        "key": wish.key,
        "scopes": wish.scopes,
        "admin_scopes": wish.admin_scopes,
    }


def _grant(wish: Asked, user: User) -> dict[str, str]:
    if wish.response_type == "code":
        challenge, method = wish.code_challenge, wish.code_challenge_method
        return {"code": codes.issue(user, wish.key, wish.scopes, challenge, method)}
    seconds: int = settings.CODE_GRANT_TOKEN_SECONDS
    access_token = tokens.issue(user, wish.key, wish.scopes, seconds)
    return {"access_token": access_token, "token_type": "bearer", "expires_in": str(seconds)}


def _back(wish: Asked, outcome: dict[str, str]) -> HttpResponse:
    """In the query; an implicit token travels in the fragment, where no server sees it."""
    values = urlencode(outcome | ({"state": wish.state} if wish.state else {}))
    separator = "#" if wish.response_type == "token" else "&" if "?" in wish.redirect_uri else "?"
    # Not Django's redirect: applications on phones register schemes of their own.
    return HttpResponse(status=302, headers={"Location": iri_to_uri(f"{wish.redirect_uri}{separator}{values}")})
