"""The cookie by which a browser shows that its user has given the code. Set for whom a code is asked, else never."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from signing import verification
from signing.links import Link
from signing.models import EmailCode

NAME = "signer_proof"


def proof_in(request: HttpRequest, link: Link) -> EmailCode | None:
    """The verified code that this browser gave, while it counts."""
    age_seconds = int(verification.PROOF_VALID_FOR.total_seconds())
    assertion_id = request.get_signed_cookie(NAME, default="", salt=_salt(link), max_age=age_seconds)
    return verification.proof_of(link.recipient, assertion_id) if assertion_id else None


def keep_proof(response: HttpResponse, link: Link, proof: EmailCode) -> None:
    """For this link's pages only, and never sent along by other sites."""
    response.set_signed_cookie(
        NAME,
        str(proof.assertion_id),
        salt=_salt(link),
        max_age=int(verification.PROOF_VALID_FOR.total_seconds()),
        path=reverse("signing:landing", args=[link.link_token]),
        secure=settings.PORTAL_IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _salt(link: Link) -> str:
    return f"signing.proofs:{link.recipient.pk}"
