"""Somebody leaves: their account is closed, and what they hold goes to a successor or a team, on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action

from signing import errands, leaving, tasks
from signing.forms.leaving import HandOverForm
from signing.leaving import Holdings, Successor
from signing.models import Errand, ErrandKind

from .staff import staff_of

MOST_AT_ONCE = 50  # people
SHOWN = 5  # of those who have left, on the dashboard


@dataclass(frozen=True, slots=True)
class Leaver:
    user: User
    name: str
    holdings: Holdings


class LeavingMixin(ModelAdmin):
    """What the admin of users does when somebody leaves."""

    actions = ("hand_over",)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.hand_over_page)
        return [path("hand-over/", page, name="auth_user_hand_over"), *super().get_urls()]

    @action(description=gettext_lazy("Deactivate and hand over"), permissions=["change"])
    def hand_over(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        users = list(queryset[: MOST_AT_ONCE + 1])
        if len(users) > MOST_AT_ONCE:
            messages.warning(request, _("At most %(n)s at once, please.") % {"n": MOST_AT_ONCE})
            return None
        return HttpResponseRedirect(hand_over_address(users))

    def hand_over_page(self, request: HttpRequest) -> HttpResponse:
        """GET shows what they hold; POST closes their accounts and moves everything."""
        users = self._leavers(request)
        if not users:
            messages.info(request, _("Choose in the list who leaves."))
            return redirect("admin:auth_user_changelist")
        form = HandOverForm(request.POST if request.method == "POST" else None, leavers=users)
        if request.method == "POST" and form.is_valid():
            return _hand_over(request, users, form.successor())
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Hand over"),
            "leavers": [Leaver(user, leaving.name_of(user), leaving.holdings_of(user)) for user in users],
            "form": form,
        }
        return TemplateResponse(request, "admin/auth/user/hand_over.html", context)

    def response_change(self, request: HttpRequest, obj: User) -> HttpResponse:
        """Whoever was just deactivated and holds something leads to the page that hands it over."""
        if not obj.is_active and not leaving.holdings_of(obj).is_empty:
            messages.warning(request, _("%(name)s cannot log in any more.") % {"name": leaving.name_of(obj)})
            return HttpResponseRedirect(hand_over_address([obj]))
        response: HttpResponse = super().response_change(request, obj)
        return response

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], list[Any]]:
        """Instead of a list of everything that is in the way: why that is so, and what to do instead."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if protected:
            users = list(objs)
            sentence = format_html(
                '{} <a href="{}">{}</a>',
                _("Who has made, sent or signed something stays in its evidence, so they cannot be deleted."),
                hand_over_address(users),
                _("Deactivate them and hand over what they hold"),
            )
            return [], {}, set(), [sentence]
        return deleted, counts, lacking, protected

    def _leavers(self, request: HttpRequest) -> list[User]:
        """Whom the address names; nobody closes their own account, or that of whoever may do more than they."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        texts = request.GET.get("users", "").split(",")[:MOST_AT_ONCE]
        users = list(
            User.objects.filter(pk__in=[int(t) for t in texts if t.isdecimal() and len(t) < 19]).order_by("pk")
        )
        if staff_of(request) in users or not all(self.has_change_permission(request, user) for user in users):
            raise PermissionDenied
        return users


def hand_over_address(users: Sequence[User]) -> str:
    return f"{reverse('admin:auth_user_hand_over')}?users={','.join(str(user.pk) for user in users)}"


def unfinished_hand_overs(request: HttpRequest) -> dict[str, Any]:
    """For the dashboard of those who can do something about it."""
    if not request.user.has_perm("auth.change_user"):
        return {}
    under_way = Errand.objects.filter(kind=ErrandKind.HAND_OVER, state__in=("queued", "running"))
    moving = {params["leaver"] for params in under_way.values_list("params", flat=True)}
    left = [user for user in leaving.left_behind()[: SHOWN + len(moving)] if user.pk not in moving][:SHOWN]
    return {"left_behind": [(leaving.name_of(user), hand_over_address([user])) for user in left]}


def _hand_over(request: HttpRequest, users: Sequence[User], to: Successor) -> HttpResponse:
    errand = None
    for user in users:
        leaving.deactivate(user)
        if leaving.hand_over(user, to):
            text = _("What %(leaver)s held is with %(name)s now. %(leaver)s cannot log in any more.")
            messages.success(request, text % {"leaver": leaving.name_of(user), "name": to.name})
        else:
            errand = _begin(request, user, to)
    if errand:
        return redirect("admin:signing_envelope_errand", errand.pk)
    return redirect("admin:auth_user_changelist")


def _begin(request: HttpRequest, user: User, to: Successor) -> Errand:
    """So many envelopes that a worker has to move them."""
    errand = errands.ask(
        staff_of(request),
        ErrandKind.HAND_OVER,
        leaver=user.pk,
        to=to.user.pk,
        team=to.team.pk if to.team else None,
        total=leaving.holdings_of(user).envelopes,
    )
    tasks.ring(tasks.run_errand, errand.pk)
    text = _("%(leaver)s holds so many envelopes that a worker moves them to %(name)s, step by step.")
    messages.success(request, text % {"leaver": leaving.name_of(user), "name": to.name})
    return errand
