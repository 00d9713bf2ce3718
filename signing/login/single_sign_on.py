"""Single sign-on by OpenID Connect: the provider in the settings, whom it lets in, and as what.

allauth speaks the protocol (state, PKCE, issuer and audience of the id token). Here stand the portal's rules: a person
is known by the provider's `sub`, the first time by an address of mail that counts as verified.
"""

import logging
from collections.abc import Iterable
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render

from signing.events import record_portal
from signing.models import ActorKind
from signing.models.event import PortalKind

from .records import note_refusal

logger = logging.getLogger(__name__)

PROVIDER_ID = "sso"


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The one of the settings; rows of the database are not asked."""
        if not settings.OIDC_ISSUER or provider not in (None, PROVIDER_ID, "openid_connect"):
            return []
        known = {"server_url": settings.OIDC_ISSUER, "scope": settings.OIDC_SCOPES, "oauth_pkce_enabled": True}
        app = SocialApp(
            provider="openid_connect",
            provider_id=PROVIDER_ID,
            name=settings.OIDC_NAME,
            client_id=settings.OIDC_CLIENT_ID,
            secret=settings.OIDC_CLIENT_SECRET,
            settings=known,
        )
        return [app] if client_id in (None, app.client_id) else []

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account, judge, and bring groups up to date; or raise the page that says why not."""
        claims = _claims(sociallogin)
        if not claims or sociallogin.state.get("process", "login") != "login":
            raise _refusal(request, "unclear")
        if not sociallogin.is_existing:
            email = _verified_email(claims)
            user = _known(email) if email else None
            if user:
                sociallogin.connect(request, user)
            elif not email:
                raise _refusal(request, "unverified")
            elif not settings.OIDC_CREATE_USERS:
                raise _refusal(request, "unknown")
            elif _may_enter(claims) is False:
                raise _refusal(request, "no_group")
        if sociallogin.is_existing:
            _keep_up(sociallogin.user, claims)
            if not (sociallogin.user.is_staff and sociallogin.user.is_active):
                note_refusal(sociallogin.user, "single sign-on: not entitled")
                raise _refusal(request, "closed" if not sociallogin.user.is_active else "no_group")

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return bool(settings.OIDC_CREATE_USERS)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Only after `pre_social_login` has let them through."""
        with transaction.atomic():
            sociallogin.user.is_staff = True
            user: User = super().save_user(request, sociallogin, form)
            facts = {"what": "user", "name": user.get_username(), "from": settings.OIDC_NAME}
            record_portal(PortalKind.CREATED, facts, about=f"user:{user.pk}", by=ActorKind.SYSTEM)
            _keep_up(user, _claims(sociallogin))
        return user

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, **more: Any) -> None:
        exception = more.get("exception")
        logger.warning(
            "single sign-on failed: %s %s", error or "", f"{type(exception).__name__}: {exception}" if exception else ""
        )


def _refusal(request: HttpRequest, why: str) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(
        render(request, "account/sso_refused.html", {"why": why, "provider": settings.OIDC_NAME}, status=403)
    )


def _claims(sociallogin: SocialLogin) -> dict[str, Any]:
    """Of the id token and of the userinfo, which counts first. Empty when they are not about the same person
    (OpenID Connect Core 1.0, 5.3.2).
    """
    told = sociallogin.account.extra_data
    id_token, userinfo = told.get("id_token") or {}, told.get("userinfo") or {}
    if id_token and userinfo and id_token.get("sub") != userinfo.get("sub"):
        return {}
    return {**id_token, **userinfo}


def _verified_email(claims: dict[str, Any]) -> str:
    email = str(claims.get("email") or "").strip()
    rules = settings.OIDC_VERIFIED_EMAIL
    is_claimed = claims.get("email_verified") in (True, "true")
    domain = email.rpartition("@")[2].lower()
    counts = "always" in rules or domain in [rule.lower() for rule in rules] or ("claim" in rules and is_claimed)
    return email if email and counts else ""


def _known(email: str) -> User | None:
    """Whose address it is; nobody where several share it."""
    found = list(User.objects.filter(email__iexact=email)[:2])
    return found[0] if len(found) == 1 else None


def _theirs(claims: dict[str, Any]) -> set[str]:
    value = claims.get(settings.OIDC_GROUPS_CLAIM) or []
    values: Iterable[object] = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return {str(each) for each in values}


def _may_enter(claims: dict[str, Any]) -> bool | None:
    """By the groups that make somebody staff; None where the settings name none, and accounts here decide."""
    entitled = set(settings.OIDC_STAFF_GROUPS) or {theirs for theirs, _ours in settings.OIDC_GROUPS}
    return bool(entitled & _theirs(claims)) if entitled else None


def _keep_up(user: User, claims: dict[str, Any]) -> None:
    """Groups and access as the provider says today. Superusers keep theirs: they are the emergency's way in."""
    may_enter = _may_enter(claims)
    if user.is_superuser:
        return
    if may_enter is not None and user.is_staff != may_enter:
        User.objects.filter(pk=user.pk).update(is_staff=may_enter)
        user.is_staff = may_enter
        _tell(user, is_staff=[not may_enter, may_enter])
    managed = {ours for _theirs, ours in settings.OIDC_GROUPS}
    named = {ours for name, ours in settings.OIDC_GROUPS if name in _theirs(claims)}
    wanted = set(Group.objects.filter(name__in=named).values_list("name", flat=True))
    before = set(user.groups.filter(name__in=managed).values_list("name", flat=True))
    if before != wanted:
        user.groups.remove(*Group.objects.filter(name__in=before - wanted))
        user.groups.add(*Group.objects.filter(name__in=wanted - before))
        _tell(user, groups=[sorted(before), sorted(wanted)])


def _tell(user: User, **changes: Any) -> None:
    facts = {"what": "user", "name": user.get_username(), "from": settings.OIDC_NAME}
    record_portal(PortalKind.CHANGED, facts, about=f"user:{user.pk}", by=ActorKind.SYSTEM, **changes)
