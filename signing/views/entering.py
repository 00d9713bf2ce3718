"""From the link into the ceremony: the button, the code where one is asked for, the redirect or the frame."""

import logging
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from signing import ceremony, tasks, verification
from signing.ceremony import CodeNeededError, Entry, NotReadyError
from signing.docusign import DocusignError, RequestRefusedError
from signing.gate import ENTERABLE, Gate
from signing.limits import CODES_SENT, WRONG_CODES, Limit
from signing.links import Link
from signing.models import CeremonyDisplay, EmailCode
from signing.verification import TooManyCodesError, WrongCodeError

from .addresses import client_address
from .behind_link import behind_link
from .pages import link_page
from .policy import policy
from .proofs import keep_proof, proof_in

logger = logging.getLogger(__name__)

PHONE = re.compile(r"Mobi|Android|iPhone|iPad", re.IGNORECASE)


# No view here needs Django's CSRF token: the unguessable link is the proof, the cookie of a given code does not come
# along from other sites, and a repeated POST does no harm.


@csrf_exempt
@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, link: Link) -> HttpResponse:
    """Mint a fresh recipient view and go there. Calls Docusign. GET, as of a reloaded tab, leads to the button."""
    if request.method != "POST":
        return redirect("signing:landing", link.link_token)
    return _enter(request, link, proof_in(request, link))


@csrf_exempt
@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, link: Link) -> HttpResponse:
    """GET asks for the code; POST with the right one leads on. Calls Docusign then."""
    if not _code_matters(request, link):
        return redirect("signing:landing", link.link_token)
    if request.method != "POST":
        return _code_page(request, link)
    address = client_address(request)
    if WRONG_CODES.is_reached(address):
        return _code_page(request, link, _("Too many wrong codes. Please wait an hour."), status=429)
    try:
        proof = verification.check(link.recipient, request.POST.get("code", ""))
    except WrongCodeError as error:
        WRONG_CODES.count(address)
        return _code_page(request, link, what_is_wrong(error), status=422)
    response = _enter(request, link, proof)
    keep_proof(response, link, proof)
    return response


@csrf_exempt
@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def new_code(request: HttpRequest, link: Link) -> HttpResponse:
    """Mail another code to the address on file."""
    if request.method != "POST":
        return redirect("signing:code", link.link_token)
    if not _code_matters(request, link):
        return redirect("signing:landing", link.link_token)
    return _send_code(request, link, anew=True)


def _enter(request: HttpRequest, link: Link, proof: EmailCode | None) -> HttpResponse:
    return_url = settings.PORTAL_BASE_URL + reverse("signing:return", args=[link.link_token])
    try:
        entry = ceremony.start(
            link, return_url=return_url, may_frame=_may_frame(request), proof=proof, language=get_language() or ""
        )
    except NotReadyError:
        return redirect("signing:landing", link.link_token)
    except CodeNeededError:
        return _send_code(request, link)
    except DocusignError as error:
        return _trouble(request, link, error)
    if entry.display == CeremonyDisplay.REDIRECT:
        return HttpResponseRedirect(entry.view_url, status=303)
    return _frame(request, link, entry)


def _may_frame(request: HttpRequest) -> bool:
    """Our script says that the window is wide enough, and nothing says that this is a phone (reference 3.4)."""
    is_phone = request.headers.get("Sec-CH-UA-Mobile") == "?1" or PHONE.search(request.headers.get("User-Agent", ""))
    return request.POST.get("window") == "wide" and not is_phone


def _frame(request: HttpRequest, link: Link, entry: Entry) -> HttpResponse:
    hosts = ceremony.hosts()
    extra = {
        "view_url": entry.view_url,
        "display_format": "focused" if entry.display == CeremonyDisplay.FOCUSED else "default",
        "docusign_js": hosts.docusign_js,
        "integration_key": settings.DOCUSIGN_INTEGRATION_KEY,
    }
    response = link_page(request, link, "frame", gate=Gate.READY, **extra)
    response["Content-Security-Policy"] = policy(scripts=[hosts.docusign_js], frames=hosts.frames, forms=hosts.ways)
    return response


def _trouble(request: HttpRequest, link: Link, error: DocusignError) -> HttpResponse:
    is_passing = not isinstance(error, RequestRefusedError)
    logger.log(
        logging.WARNING if is_passing else logging.ERROR, "recipient %s cannot start: %s", link.recipient.pk, error
    )
    extra = {"is_refused": not is_passing, "watch": False}
    return link_page(request, link, "unreachable", gate=Gate.UNREACHABLE, status=503, **extra)


def _code_matters(request: HttpRequest, link: Link) -> bool:
    """There is something behind it, and this browser has not given it yet."""
    if not verification.is_asked_of(link.recipient) or proof_in(request, link):
        return False
    return ceremony.gate_of(link) in ENTERABLE | {Gate.COMPLETED}


def _send_code(request: HttpRequest, link: Link, *, anew: bool = False) -> HttpResponse:
    """The code's page, after mailing one where it is needed."""
    address = client_address(request)
    try:
        _allow(CODES_SENT, address)
        verification.send_code(link.recipient, anew=anew)
    except TooManyCodesError:
        problem = _("So many codes were sent already. Please wait an hour before you ask for another.")
        return _code_page(request, link, problem, status=429)
    tasks.follow_up(link.recipient.envelope_id)
    return redirect("signing:code", link.link_token)


def _allow(limit: Limit, address: str) -> None:
    if limit.is_reached(address):
        raise TooManyCodesError
    limit.count(address)


def _code_page(request: HttpRequest, link: Link, problem: str = "", *, status: int = 200) -> HttpResponse:
    extra = {
        "problem": problem,
        "has_code": verification.usable_code(link.recipient) is not None,
        "valid_minutes": int(verification.CODE_VALID_FOR.total_seconds() // 60),
        "watch": False,
    }
    return link_page(request, link, "code", gate=ceremony.gate_of(link), status=status, **extra)


def what_is_wrong(error: WrongCodeError) -> str:
    if not error.attempts_left:
        return _("This code no longer works. Please ask for a new one.")
    return ngettext(
        "That was not the code. You can try once more.",
        "That was not the code. You can try %(n)s more times.",
        error.attempts_left,
    ) % {"n": error.attempts_left}
