"""Who there is, and who has allowed which integration key to act for them (reference 1.6)."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sandbox import identities
from sandbox.models import Consent, IntegrationKey, User
from sandbox.oauth import permission

from .pages import back, found, show

EVERYONE = "everyone"
MEMBERSHIP = {"close": "Closed", "reopen": "Active"}  # deed → what becomes of a user's memberships


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        _decide(request)
        return back(request, "consent")
    users = User.objects.order_by("pk").prefetch_related("memberships__account")
    keys = list(IntegrationKey.objects.order_by("pk"))
    rows = [_row(user, keys) for user in users]
    return show(request, "consent.html", "consent", {"everyone": _row(None, keys), "rows": rows, "keys": keys})


def _decide(request: HttpRequest) -> None:
    deed = request.POST.get("deed", "")
    if deed == "add":
        _add(request.POST.get("name", "").strip(), request.POST.get("email", "").strip())
    elif deed in MEMBERSHIP:
        user = found(User.objects.filter(guid=request.POST.get("user", "")).first())
        user.memberships.update(status=MEMBERSHIP[deed])
    else:
        _grant(request)


def _add(name: str, email: str) -> None:
    """A member of the first account, without rights of an administrator and without consent."""
    with suppress(ValueError):  # an empty form adds nobody
        identities.seed({"users": [{"userName": name, "email": email}]})


def _grant(request: HttpRequest) -> None:
    key = found(IntegrationKey.objects.filter(guid=request.POST.get("key", "")).first())
    wanted = request.POST.get("user", "")
    user = None if wanted == EVERYONE else found(User.objects.filter(guid=wanted).first())
    if request.POST.get("deed") == "grant":
        permission.allow(user, key, identities.DEFAULT_SCOPES)
    else:
        permission.withdraw(user, key)


def _row(user: User | None, keys: list[IntegrationKey]) -> dict[str, object]:
    grants = Consent.objects.filter(user=user).order_by("scope").values_list("integration_key_id", "scope")
    by_key = {key.pk: [scope for pk, scope in grants if pk == key.pk] for key in keys}
    guid = user.guid if user else EVERYONE
    is_closed = user is not None and all(m.status == "Closed" for m in user.memberships.all())
    return {
        "user": user,
        "guid": guid,
        "is_closed": is_closed,
        "grants": [{"key": key, "scopes": by_key[key.pk]} for key in keys],
    }
