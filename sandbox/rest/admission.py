"""Who calls: the bearer's user and, below an account, their membership of it.

What was found is remembered, since every call asks for it and almost none changes it. `forget_after_changes` empties
that memory after whatever might have changed a user, a membership or an account.
"""

import threading
from collections.abc import Callable

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from sandbox import shared_access, tokens
from sandbox.errors import ApiError
from sandbox.models import Membership, User

ACT_ON_BEHALF, ACT_AS_USER = "X-DocuSign-Act-On-Behalf", "X-DocuSign-Act-As-User"
# Calls below these never change who is who; all other POSTs, PUTs and DELETEs may.
HARMLESS = ("/envelopes", "/Signing/")
MOST_KNOWN = 1000

_lock = threading.Lock()
_known: dict[tuple[str, str], Membership] = {}
_changes = 0


def user_of(request: HttpRequest) -> User:
    """Raises USER_AUTHENTICATION_FAILED, AUTHORIZATION_INVALID_TOKEN, AUTHORIZATION_INVALID_SCOPE."""
    return tokens.active_user(_user_guid(request))


def membership_of(request: HttpRequest, account_id: str) -> Membership:
    """Raises USER_LACKS_MEMBERSHIP besides, and for callers who act as another ACT_ON_BEHALF_USER_NOT_ALLOWED,
    USER_LACKS_PERMISSIONS, USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT.
    """
    membership = _remembered(_user_guid(request), account_id.lower())
    if principal_id := request.headers.get(ACT_ON_BEHALF, ""):
        return _principal(membership, principal_id)
    sender = request.headers.get(ACT_AS_USER, "")
    return _sender(membership, sender) if sender else membership


def forget() -> None:
    global _changes
    with _lock:
        _changes += 1
        _known.clear()


def forget_after_changes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Django middleware."""

    def serve(request: HttpRequest) -> HttpResponse:
        try:
            return get_response(request)
        finally:
            if request.method not in ("GET", "HEAD") and not any(part in request.path for part in HARMLESS):
                forget()

    return serve


def _user_guid(request: HttpRequest) -> str:
    bearer = tokens.bearer_of(request)
    user_guid = tokens.user_guid_of(bearer)
    if settings.API_NEEDS_THE_SCOPE_SIGNATURE:
        tokens.require_scope(bearer, "signature")
    return user_guid


def _remembered(user_guid: str, account_id: str) -> Membership:
    known = _known.get((user_guid, account_id))
    if known is not None:
        return known
    changes = _changes
    membership = _membership(user_guid, account_id)
    with _lock:
        if changes == _changes and len(_known) < MOST_KNOWN:  # nothing changed while we looked
            _known[user_guid, account_id] = membership
    return membership


def _membership(user_guid: str, account_id: str) -> Membership:
    """`account_id`: the GUID or the short external one (reference 2.1)."""
    user = tokens.active_user(user_guid)
    rows = Membership.objects.select_related("account", "user").filter(user=user).exclude(status="Closed")
    for membership in rows:
        if account_id in (membership.account.guid, membership.account.external_id):
            return membership
    raise ApiError("USER_LACKS_MEMBERSHIP")


def _principal(agent: Membership, principal_id: str) -> Membership:
    """Shared access (reference 1.7): the principal must have authorized this agent."""
    rows = Membership.objects.select_related("account", "user").filter(account=agent.account)
    for membership in rows.filter(user__guid=principal_id.lower()):
        if shared_access.may_act(agent, membership):
            return membership
    raise ApiError("ACT_ON_BEHALF_USER_NOT_ALLOWED")


def _sender(agent: Membership, named: str) -> Membership:
    """Send on behalf of (SOBO, the older way): by email or user id."""
    if not shared_access.may_send_for_others(agent):
        raise ApiError("USER_LACKS_PERMISSIONS")
    rows = Membership.objects.select_related("account", "user").filter(account=agent.account).exclude(status="Closed")
    found = rows.filter(Q(user__guid=named.lower()) | Q(user__email__iexact=named)).first()
    if found is None:
        raise ApiError("USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT")
    return found
