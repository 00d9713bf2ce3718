"""Who may be acted for, and what they allowed (reference 1.6)."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from sandbox.models import Consent, IntegrationKey, Membership, User


def active_users() -> QuerySet[User]:
    """Users with a membership that is neither closed nor waiting for its activation."""
    members = Membership.objects.filter(status="Active").values("user_id")
    return User.objects.filter(is_active=True, pk__in=members).order_by("pk")


def missing(user: User, key: IntegrationKey, scopes: Iterable[str]) -> set[str]:
    """The scopes that neither the user nor an administrator, for everyone, has allowed this integration key."""
    granted = Consent.objects.filter(Q(user=user) | Q(user=None), integration_key=key)
    return set(scopes) - set(granted.values_list("scope", flat=True))


def allow(user: User | None, key: IntegrationKey, scopes: Iterable[str]) -> None:
    """No user: an administrator's consent for everyone."""
    for scope in scopes:
        Consent.objects.get_or_create(user=user, integration_key=key, scope=scope)


def withdraw(user: User | None, key: IntegrationKey | None = None) -> None:
    """One user's consent to this integration key, or to every one; of no user, the administrator's."""
    given = Consent.objects.filter(user=user)
    (given.filter(integration_key=key) if key else given).delete()
