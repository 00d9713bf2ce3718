"""What the list can do for many: one deed for those that were chosen, a file of all that the filter shows."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from signing import errands, tasks
from signing.listing import Filter
from signing.models import Envelope, Errand, ErrandKind, SavedView
from signing.models.desk import VIEW_NAME_MAX_LENGTH
from signing.models.envelope import VOID_REASON_MAX_LENGTH
from signing.models.mail import NOTE_MAX_LENGTH
from signing.visibility import visible

from .staff import staff_of

MOST_AT_ONCE = 500
MOST_VIEWS = 50
CHANGING = frozenset({ErrandKind.REMIND, ErrandKind.VOID, ErrandKind.ASK})
EXPORTS = frozenset({ErrandKind.CSV, ErrandKind.XLSX})


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    view = model_admin.admin_site.admin_view
    return [
        path("many/", require_POST(view(partial(start, model_admin))), name="signing_envelope_many"),
        path("views/", require_POST(view(partial(save_view, model_admin))), name="signing_envelope_save_view"),
    ]


def start(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Begin an errand; its page shows how far it is."""
    kind = request.POST.get("deed", "")
    allowed = kind in ErrandKind.values and (
        model_admin.has_change_permission(request)
        if kind in CHANGING
        else model_admin.has_view_or_change_permission(request) and request.user.has_perm("signing.add_errand")
    )
    if not allowed:
        raise PermissionDenied
    errand = _ask(request, ErrandKind(kind))
    if errand is None:
        return _back(request)
    tasks.ring(tasks.run_errand, errand.pk)
    return redirect("admin:signing_envelope_errand", errand.pk)


def save_view(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Keep the filters under a name, or forget a name."""
    if not model_admin.has_view_or_change_permission(request) or not request.user.has_perm("signing.add_savedview"):
        raise PermissionDenied
    user, name = staff_of(request), " ".join(request.POST.get("name", "").split())[:VIEW_NAME_MAX_LENGTH]
    mine = SavedView.objects.filter(user=user)
    if "forget" in request.POST:
        mine.filter(pk=_number(request.POST["forget"])).delete()
        return _back(request)
    if not name:
        messages.error(request, _("Give the view a name."))
    elif mine.exclude(name=name).count() >= MOST_VIEWS:
        messages.error(request, _("There are so many views already. Forget one first."))
    else:
        mine.update_or_create(user=user, name=name, defaults={"query": _filter(request).query()})
        messages.success(request, _("Saved as “%(name)s”.") % {"name": name})
    return _back(request)


def _ask(request: HttpRequest, kind: ErrandKind) -> Errand | None:
    """None, with a message, when something is missing."""
    user = staff_of(request)
    if kind in EXPORTS:
        chosen = _filter(request)
        return errands.ask(user, kind, filter={name: getattr(chosen, name) for name in chosen.names()})
    chosen_ids = dict.fromkeys(_number(text) for text in request.POST.getlist("selected"))
    if len(chosen_ids) > MOST_AT_ONCE:
        messages.warning(request, _("At most %(n)s at once, please.") % {"n": MOST_AT_ONCE})
        return None
    seen = set(visible(Envelope.objects.filter(pk__in=chosen_ids), user).values_list("pk", flat=True))
    ids = [pk for pk in chosen_ids if pk in seen]
    if not ids:
        messages.warning(request, _("Choose some envelopes first."))
        return None
    if kind == ErrandKind.VOID:
        reason = request.POST.get("reason", "").strip()[:VOID_REASON_MAX_LENGTH]
        if not reason:
            messages.error(request, _("Say why they are voided: the signers are told."))
            return None
        return errands.ask(user, kind, ids=ids, reason=reason)
    if kind == ErrandKind.REMIND:
        return errands.ask(user, kind, ids=ids, note=request.POST.get("note", "").strip()[:NOTE_MAX_LENGTH])
    return errands.ask(user, kind, ids=ids)


def _filter(request: HttpRequest) -> Filter:
    """As it stood in the address of the list."""
    return Filter.of({name: request.POST.get(f"filter_{name}", "") for name in Filter.names()})


def _back(request: HttpRequest) -> HttpResponse:
    address, query = reverse("admin:signing_envelope_changelist"), _filter(request).query()
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _number(text: str) -> int:
    """0, which nothing has, for what is no number."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0
