"""Who has allowed which integration key to act for them (reference 1.6)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sandbox import identities
from sandbox.models import Consent, IntegrationKey, User
from sandbox.oauth import permission

from .pages import back, found, show

EVERYONE = "everyone"


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
    key = found(IntegrationKey.objects.filter(guid=request.POST.get("key", "")).first())
    wanted = request.POST.get("user", "")
    user = None if wanted == EVERYONE else found(User.objects.filter(guid=wanted).first())
    if request.POST.get("deed") == "grant":
        permission.allow(user, key, identities.DEFAULT_SCOPES)
    else:
        Consent.objects.filter(user=user, integration_key=key).delete()


def _row(user: User | None, keys: list[IntegrationKey]) -> dict[str, object]:
    grants = Consent.objects.filter(user=user).order_by("scope").values_list("integration_key_id", "scope")
    by_key = {key.pk: [scope for pk, scope in grants if pk == key.pk] for key in keys}
    guid = user.guid if user else EVERYONE
    return {"user": user, "guid": guid, "grants": [{"key": key, "scopes": by_key[key.pk]} for key in keys]}
