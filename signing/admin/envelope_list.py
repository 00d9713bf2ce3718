"""The list of envelopes: tabs, filters in the address, saved views, pages without an end."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from signing import listing, tallies, watchdog
from signing.listing import ANY, COUNT_UP_TO, GROUPS, MINE, Filter
from signing.models import SavedView, Team, Template
from signing.visibility import colleagues, reach_of, teams_seen, visible

from .ageing import rows_of
from .staff import staff_of

CHOICES = 200  # of senders and templates to filter by
TAB_WORDS = {
    "": gettext_lazy("All"),
    "waiting": gettext_lazy("Waiting"),
    "completed": gettext_lazy("Completed"),
    "draft": gettext_lazy("Drafts"),
    "declined": gettext_lazy("Declined"),
    "voided": gettext_lazy("Voided"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    query: str
    is_current: bool
    count: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set, and the address without it."""

    text: str
    query: str


def list_page(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    chosen = Filter.of(request.GET.dict())
    user = staff_of(request)
    page = listing.page(chosen, user, after=_mark(request, "after"), before=_mark(request, "before"))
    owners = list(colleagues(user)[:CHOICES])
    templates = list(visible(Template.objects.filter(archived_at=None), user).order_by("name")[:CHOICES])
    teams = list(teams_seen(user)[:CHOICES])
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Envelopes"),
        "is_fullwidth": "1",
        "chosen": chosen,
        "tabs": _tabs(chosen, user),
        "rows": rows_of(page.envelopes),
        "newer": chosen.query() + f"&before={page.before}" if page.before else "",
        "older": chosen.query() + f"&after={page.after}" if page.after else "",
        "chips": _chips(chosen, owners, templates, teams),
        "owners": owners,
        "templates": templates,
        "teams": teams,
        "findings": watchdog.FINDINGS,
        "saved_views": list(SavedView.objects.filter(user=user)[:50]),
        "query": chosen.query(),
        "oldest_query": chosen.query(sort="" if chosen.is_oldest_first else listing.OLDEST_FIRST),
        "may_add": model_admin.has_add_permission(request),
        "may_change": model_admin.has_change_permission(request),
        "may_take_out": user.has_perm("signing.add_errand"),
        "may_save_views": user.has_perm("signing.add_savedview"),
    }
    return TemplateResponse(request, "admin/signing/envelope/list.html", context)


def _tabs(chosen: Filter, user: User) -> list[Tab]:
    """Counted where that is cheap: of everything, or of what is mine."""
    is_countable = chosen.query(status="", sort="") in ("", "owner=me")
    counts = listing.counts(user, of_mine=chosen.owner == MINE) if is_countable else {}
    exact = tallies.present() if is_countable and not chosen.owner and reach_of(user).sees_all else None
    tabs = []
    for group in ("", *GROUPS):
        count = _count(counts.get(group), exact.groups.get(group) if exact else None) if group else ""
        tabs.append(Tab(str(TAB_WORDS[group]), chosen.query(status=group), chosen.status == group, count))
    return tabs


def _count(bounded: int | None, exact: int | None) -> str:
    if bounded is None:
        return ""
    if bounded <= COUNT_UP_TO:
        return f"{bounded:,}"
    return f"{max(exact, COUNT_UP_TO):,}" if exact else f"{COUNT_UP_TO:,}+"


def _chips(chosen: Filter, owners: list[User], templates: list[Template], teams: list[Team]) -> list[Chip]:
    names = {str(owner.pk): owner.get_full_name() or owner.get_username() for owner in owners} | {MINE: _("me")}
    made_from = {str(template.pk): template.name for template in templates}
    called = {str(team.pk): team.name for team in teams}
    kinds = {finding.kind: str(finding.label) for finding in watchdog.FINDINGS} | {ANY: _("any reason")}
    words = {
        "q": (_("Found by “%s”"), chosen.q),
        "owner": (_("Owner: %s"), names.get(chosen.owner, chosen.owner)),
        "on": (_("Waiting for %s"), chosen.on),
        "template": (_("Made from %s"), made_from.get(chosen.template, chosen.template)),
        "team": (_("Team: %s"), called.get(chosen.team, chosen.team)),
        "since": (_("Created since %s"), chosen.since),
        "until": (_("Created until %s"), chosen.until),
        "attention": (_("Needs attention: %s"), kinds.get(chosen.attention, "")),
    }
    chips = [Chip(text % value, chosen.query(**{name: ""})) for name, (text, value) in words.items() if value]
    if chosen.status and chosen.status not in GROUPS:
        chips.append(Chip(_("Status: %s") % chosen.status.replace(",", ", "), chosen.query(status="")))
    return chips


def _mark(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
