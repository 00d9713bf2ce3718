"""The page **Connect Docusign**: every check with its remedy, the way to consent, and a test mail to oneself."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signing import connection, doctor
from signing.doctor import Status
from signing.docusign import NotConfiguredError

from .staff import staff_of

View = Callable[..., HttpResponse]
ICONS = {
    Status.OK: "check_circle",
    Status.WARNING: "warning",
    Status.FAILED: "error",
    Status.SKIPPED: "do_not_disturb_on",
}


def for_connectors(view: View) -> Any:
    """Staff who may manage the connection."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        if not request.user.has_perm("signing.manage_connection"):
            raise PermissionDenied
        return view(request, *args, **values)

    return admin.site.admin_view(guarded)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The groups fetch their findings one by one; `?now=1` brings all at once, to whom has no scripts."""
    is_now = request.GET.get("now") == "1"
    groups = [
        {"name": name, "title": title, **(_examined(name) if is_now else {"checks": _checks(name)})}
        for name, title in doctor.GROUPS.items()
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Connect Docusign"),
        "groups": groups,
        "my_address": staff_of(request).email,
    }
    return TemplateResponse(request, "admin/docusign/page.html", context)


@require_POST
def group(request: HttpRequest, name: str) -> HttpResponse:
    """The findings of one group. Calls Docusign, the mail server or our own address; hence no GET."""
    if name not in doctor.GROUPS:
        raise Http404
    context = {"group": {"name": name, "title": doctor.GROUPS[name], **_examined(name)}}
    return TemplateResponse(request, "admin/docusign/group.html", context)


@require_safe
def begin_consent(request: HttpRequest, whom: str) -> HttpResponse:
    """To Docusign's consent page: `user` or `everyone`. By the state, the return is known to have begun here."""
    if whom not in ("user", "everyone"):
        raise Http404
    state = get_random_string(32)
    try:
        link = connection.consent_link(state=state, for_everyone=whom == "everyone")
    except NotConfiguredError as error:
        messages.error(request, error.staff_message)
        return redirect("doctor:page")
    request.session[connection.CONSENT_STATE] = state
    return redirect(link)


@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """To nobody but oneself."""
    address = staff_of(request).email
    if not address:
        messages.error(request, _("Your own account has no email address. Add one first."))
        return redirect("doctor:page")
    finding = doctor.send_test_mail(address)
    tell = messages.success if finding.status == Status.OK else messages.error
    tell(request, " ".join(filter(None, (finding.sentence, finding.remedy))))
    return redirect("doctor:page")


def _checks(name: str) -> list[doctor.Check]:
    return [check for check in doctor.CHECKS if check.group == name]


def _examined(name: str) -> dict[str, Any]:
    examined = list(doctor.examine(name))
    tone, verdict = _verdict([finding.status for _check, finding in examined])
    rows = [{"check": check, "finding": finding, "icon": ICONS[finding.status]} for check, finding in examined]
    return {"found": rows, "tone": tone, "verdict": verdict}


def _verdict(statuses: list[Status]) -> tuple[str, str]:
    """Over a group: its tone, and how many of its checks need somebody."""
    if failed := statuses.count(Status.FAILED):
        return "failed", _("%(n)s to be mended") % {"n": failed}
    if warned := statuses.count(Status.WARNING):
        return "warned", _("%(n)s to look at") % {"n": warned}
    return "", _("in order")


app_name = "doctor"
urlpatterns = [
    path("", for_connectors(page), name="page"),
    path("group/<slug:name>/", for_connectors(group), name="group"),
    path("consent/<slug:whom>/", for_connectors(begin_consent), name="consent"),
    path("test-mail/", for_connectors(test_mail), name="test_mail"),
]
