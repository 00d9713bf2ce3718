"""The pages at the gates, and what is done there."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sandbox import lifecycle
from sandbox.models import RecipientView

from . import sessions
from .doors import at_the_gate, end
from .framing import listeners
from .gates import CODE, HOST, IDENTITY, is_access_code, next_gate


def gate_page(
    request: HttpRequest, view: RecipientView, gate: str, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "gate": gate,
        "view": view,
        "recipient": view.recipient,
        "envelope": view.recipient.envelope,
        "host_name": view.recipient.data.get("hostName"),
        "problem": problem,
        "listeners": listeners(request, view),
    }
    return render(request, f"sandbox/gate_{gate}.html", context, status=status)


@at_the_gate
@require_POST
def host(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """The host has handed the device to the signer."""
    if next_gate(view) == HOST:
        view.host_confirmed = True
        view.save(update_fields=["host_confirmed"])
    return _go_on(request, view)


@at_the_gate
@require_POST
def code(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """A few attempts; then `access_code_failed`."""
    if next_gate(view) != CODE:
        return _go_on(request, view)
    if is_access_code(view.recipient, request.POST.get("code", "")):
        view.has_passed = True
        view.save(update_fields=["has_passed"])
        return _go_on(request, view)
    view.failed_codes += 1
    view.save(update_fields=["failed_codes"])
    left = settings.ACCESS_CODE_ATTEMPTS - view.failed_codes
    if left <= 0:
        lifecycle.fail_authentication(view.recipient)
        return end(request, view, "access_code_failed")
    problem = f"This is not the code. You can try {left} more time{'s' if left > 1 else ''}."
    return gate_page(request, view, CODE, problem=problem, status=422)


@at_the_gate
@require_POST
def identity(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """The simulated check: whoever is here says how it ends."""
    if next_gate(view) != IDENTITY:
        return _go_on(request, view)
    if request.POST.get("result") != "pass":
        lifecycle.fail_authentication(view.recipient, did="did not pass the identity check")
        return end(request, view, "id_check_failed")
    view.has_proved_identity = True
    view.save(update_fields=["has_proved_identity"])
    return _go_on(request, view)


def _go_on(request: HttpRequest, view: RecipientView) -> HttpResponse:
    sessions.enter(view, str(request.META.get("REMOTE_ADDR", "")))
    return redirect("ceremony", session_key=view.session_key)
