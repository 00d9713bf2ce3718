"""The public page of a PowerForm: who are you? Then into the ceremony, or "look into your mail"."""

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sandbox import clock
from sandbox.definition.reading import is_email
from sandbox.errors import ApiError
from sandbox.models import RecipientView, Resource

from . import rules
from .rules import ClosedError, Role

GONE = "This form does not exist. The address may have been cut short: please ask for it again."
MAX_TEXT = 100


@dataclass(slots=True)
class Asked:
    """What the page shows for one role."""

    role: Role
    position: int
    name: str
    email: str
    problem: str = ""

    @property
    def is_asked(self) -> bool:
        """The visitor's own role always; others only as far as the form leaves them open."""
        return self.position == 0 or not (self.role.person_name and self.role.email)


@csrf_exempt  # public, and good for one new envelope only
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    form = rules.find_public(request.GET.get("PowerFormId", ""), request.GET.get("acct", ""))
    if form is None:
        return _closed(request, GONE, 404)
    try:
        template = rules.require_open(form)
        asked = [_asked(request, role, position) for position, role in enumerate(rules.roles_of(form, template))]
        problems = [_judge(one) for one in asked] if request.method == "POST" else []
        if request.method == "POST" and not any(problems):
            return _begin(request, form, asked)
    except ClosedError as closed:
        return _closed(request, str(closed), 410)
    except ApiError as error:
        return _page(request, form, asked, error.message)
    return _page(request, form, asked)


def _asked(request: HttpRequest, role: Role, position: int) -> Asked:
    """The form's own values, else what was just entered, else what the address prefills (reference 7.1)."""
    given = request.POST if request.method == "POST" else request.GET
    is_post = request.method == "POST"
    name = given.get(f"name-{position}" if is_post else f"{role.name}_UserName", "").strip()[:MAX_TEXT]
    email = given.get(f"email-{position}" if is_post else f"{role.name}_Email", "").strip()[:MAX_TEXT]
    return Asked(
        role,
        position,
        role.person_name if role.is_name_locked else name or role.person_name,
        role.email if role.is_email_locked else email or role.email,
    )


def _judge(asked: Asked) -> str:
    if asked.is_asked and not asked.name:
        asked.problem = "Please enter a name."
    elif asked.is_asked and not is_email(asked.email):
        asked.problem = "Please enter an email address such as ann@example.com."
    return asked.problem


def _begin(request: HttpRequest, form: Resource, asked: list[Asked]) -> HttpResponse:
    people = [{"roleName": one.role.name, "name": one.name, "email": one.email} for one in asked]
    is_direct = form.data["signingMode"] == "direct"
    with_code = not is_direct and request.GET.get("activateonly") != "1"
    with transaction.atomic():
        form.refresh_from_db()  # someone may have taken the last use in between
        recipient = rules.use(form, people, request.GET, with_code=with_code)
        if is_direct:
            view = RecipientView.objects.create(recipient=recipient, created_at=clock.now())
            return redirect("ceremony-redeem", guid=view.guid)
    context = {"form": form, "email": recipient.email, "with_code": with_code}
    return render(request, "sandbox/powerform_mailed.html", context)


def _page(request: HttpRequest, form: Resource, asked: list[Asked], problem: str = "") -> HttpResponse:
    is_refused = bool(problem) or any(one.problem for one in asked)
    context = {
        "form": form,
        "sender": rules.sender_of(form),
        "asked": [one for one in asked if one.is_asked],
        "problem": problem,
        "is_direct": form.data["signingMode"] == "direct",
    }
    return render(request, "sandbox/powerform.html", context, status=422 if is_refused else 200)


def _closed(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return render(request, "sandbox/refused.html", {"reason": reason}, status=status)
