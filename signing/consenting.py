"""How a staff user becomes a sending identity: out to Docusign's consent page, and back with a code.

What comes back is believed only where the browser that began it returns, with the `state` it was given and, by PKCE,
with a code that only this portal can exchange. The code tells who pressed Accept; the consent itself is kept at
Docusign (reference 1.6), so neither the code nor a token of it is stored.
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import connection, events, identities
from .docusign import ConsentRequiredError, DocusignError, UserInfo
from .docusign.code_grant import CodeRequest, authorize_url, find_grantor, new_request
from .models import LossReason, PortalKind, SendingIdentity

RETURN_PATH = "/docusign/identity/"
GOOD_FOR = timedelta(minutes=15)

Remembered = dict[str, Any]


class NotConnectedError(Exception):
    """The message is a plain sentence for the person in front of the page."""


def begin(user: User, *, asks_anew: bool = False) -> tuple[str, Remembered]:
    """The address of the consent page, and what the browser's session must remember until the return.

    Raises NotConfiguredError.
    """
    request = new_request(f"{settings.PORTAL_BASE_URL}{RETURN_PATH}", uses_pkce=settings.DOCUSIGN_PKCE)
    url = authorize_url(
        connection.config_from_settings(), request, login_hint="" if asks_anew else user.email, asks_anew=asks_anew
    )
    return url, {**asdict(request), "user": user.pk, "at": timezone.now().isoformat()}


def finish(user: User, remembered: Remembered | None, answer: Mapping[str, str]) -> SendingIdentity:
    """What Docusign sent back, checked; the identity, in force. Calls Docusign. Raises NotConnectedError.

    `remembered` must be forgotten by the caller beforehand: it is good once.
    """
    request = _expected(user, remembered, answer)
    if answer.get("error") == "access_denied":
        raise NotConnectedError(_("You did not accept at Docusign, so nothing has changed."))
    if answer.get("error") or not answer.get("code"):
        raise NotConnectedError(_("Docusign sent no answer that can be used. Please begin again."))
    try:
        grantor = find_grantor(
            connection.session(),
            connection.config_from_settings(),
            request,
            answer["code"],
            client_secret=settings.DOCUSIGN_CLIENT_SECRET,
        )
        return _keep(user, grantor)
    except DocusignError as error:
        text = _("Docusign did not confirm who gave consent. Please begin again. (%(message)s)")
        raise NotConnectedError(text % {"message": error.staff_message}) from error


def _expected(user: User, remembered: Remembered | None, answer: Mapping[str, str]) -> CodeRequest:
    """The answer belongs to a question that this person asked in this browser, a moment ago, for the first time."""
    state = answer.get("state", "")
    if remembered is None or not secrets.compare_digest(remembered["state"].encode(), state.encode()):
        raise NotConnectedError(
            _("This answer of Docusign belongs to no question of yours, or was used already. Please begin again.")
        )
    asked_at = datetime.fromisoformat(remembered["at"])
    if remembered["user"] != user.pk or timezone.now() - asked_at > GOOD_FOR:
        raise NotConnectedError(_("That took too long. Please begin again."))
    return CodeRequest(remembered["redirect_uri"], remembered["state"], remembered["verifier"])


def _keep(user: User, grantor: UserInfo) -> SendingIdentity:
    """Raises NotConnectedError, DocusignError."""
    who = {"name": grantor.name, "email": grantor.email}
    if grantor.user_id.lower() == settings.DOCUSIGN_USER_ID.lower():
        raise NotConnectedError(
            _(
                "You were signed in at Docusign as %(name)s, the portal's own service account: it needs no connection "
                "here. Sign in there as yourself."
            )
            % who
        )
    account_id = settings.DOCUSIGN_ACCOUNT_ID or connection.shared_grants().grant().account.account_id
    if all(account.account_id.lower() != account_id.lower() for account in grantor.accounts):
        raise NotConnectedError(
            _(
                "%(name)s (%(email)s) does not belong to the organisation's Docusign account. Sign in there with the "
                "user you have in that account."
            )
            % who
        )
    _prove(SendingIdentity(docusign_user_id=grantor.user_id, account_id=account_id))
    try:
        with transaction.atomic():
            return _save(user, grantor, account_id)
    except IntegrityError as error:
        text = _("%(name)s (%(email)s) at Docusign is connected by a colleague already.")
        raise NotConnectedError(text % who) from error


def _prove(candidate: SendingIdentity) -> None:
    """Consent counts once a grant by JWT works."""
    connection.forget(candidate)  # what was granted or refused before says nothing now
    try:
        connection.shared_grants(candidate).grant()
    except ConsentRequiredError as error:
        text = _("Docusign has not kept your consent to both scopes. Please begin again, and accept.")
        raise NotConnectedError(text) from error


def _save(user: User, grantor: UserInfo, account_id: str) -> SendingIdentity:
    for former in SendingIdentity.objects.filter(user=user, lost_at=None).exclude(docusign_user_id=grantor.user_id):
        identities.lose(former, LossReason.DISCONNECTED)
    identity, _is_new = SendingIdentity.objects.update_or_create(
        user=user,
        docusign_user_id=grantor.user_id,
        defaults={
            "account_id": account_id,
            "name": grantor.name[:150],
            "email": grantor.email,
            "consented_at": timezone.now(),
            "lost_at": None,
            "lost_reason": "",
        },
    )
    facts = identities.facts_of(identity)
    events.record_portal(PortalKind.IDENTITY_CONNECTED, facts, about=f"user:{user.pk}", by=user)
    return identity
